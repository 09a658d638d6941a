internal import Core

/// A change of a virtual media drive that the BMC is still making.
struct MediaChange: Sendable {
    let values: JSONObject
    /// How many looks see the drive as it was.
    var looks: Int
}
