internal import Core

/// Which query parameters a service says it takes: `ProtocolFeaturesSupported` of its root
/// (DSP0266, "Query parameters").
struct QuerySupport: Sendable {
    let expand: Bool
    let maximumLevels: Int
    let select: Bool

    init(root: JSON) {
        let features = root["ProtocolFeaturesSupported"]
        let expandQuery = features?["ExpandQuery"]
        expand = ["ExpandAll", "Links", "NoLinks"].contains { expandQuery?[$0]?.bool == true }
        maximumLevels = Int(clamping: expandQuery?["MaxLevels"]?.integer ?? 1)
        select = features?["SelectQuery"]?.bool == true
    }
}
