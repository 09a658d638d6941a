internal import Core

/// One drive (DSP2046 `Drive`).
struct Drive {
    /// What may name it, the best first.
    let names: [String?]
    let status: Status
    let failurePredicted: Bool
    /// What is left of an SSD's life in percent, if it is little.
    let lifeLeft: Double?

    init(_ resource: RedfishResource) {
        let json = resource.json
        let place = json["PhysicalLocation"]?["PartLocation"]?.text("ServiceLabel")
        names = [
            place, json.text("Name"), json.text("Id"), BMCAddress.lastSegment(of: resource.path),
        ]
        status = Status(json["Status"])
        failurePredicted = json["FailurePredicted"]?.bool == true
        // 0 is what many write who do not know.
        lifeLeft = json.positive("PredictedMediaLifeLeftPercent").flatMap { $0 <= 5 ? $0 : nil }
    }

    /// What is known beside the status.
    var warning: String? {
        if failurePredicted { return "predicted failure" }
        return lifeLeft.map { "\(Int($0)) % of its life left" }
    }
}
