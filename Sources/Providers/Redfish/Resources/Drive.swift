internal import Core

/// One drive (DSP2046 `Drive`), or what older firmware shows instead.
struct Drive {
    /// What may name it, the best first.
    let names: [String?]
    let status: Status
    /// What is known beside the status; `ok` if nothing is.
    let health: Health
    /// Why it is not well; nil if nothing but its status speaks.
    let cause: String?
    /// Whether it is switched off.
    let isOff: Bool

    /// - Parameter place: what holds it: a storage's or a chassis' name.
    init(_ resource: RedfishResource, in place: String) {
        let json = resource.json
        let id = BMCAddress.lastSegment(of: resource.path)
        let label = json["PhysicalLocation"]?["PartLocation"]?.text("ServiceLabel")
        names = [
            label, json.text("Location"), json.text("Name"), json.text("Id"), id,
            "Drive \(id) of \(place)",
        ]
        status = Status(json["Status"])
        isOff = json.isSwitchedOff
        let faults = Self.faults(json, status)
        let known = faults.map(\.health).max() ?? .ok
        let worst = max(known, status.health ?? .ok)
        health = known
        cause =
            faults.first { $0.health == known }.map(\.text)
            ?? (worst > .ok ? json.driveStatusReasons ?? status.stateText : nil)
    }

    /// What is said beside the status, the worst or surest first. Of a drive that is not in use
    /// nothing is predicted: Cisco's says so of each that is `Disabled`.
    private static func faults(_ json: JSON, _ status: Status) -> [(health: Health, text: String)] {
        var faults: [(health: Health, text: String)] = []
        if let own = json.driveStatus, let health = own.health, health > .ok {
            faults.append((health, own.stateText ?? json.driveStatusReasons ?? "drive status"))
        }
        if status.worst > .ok, json.text("StatusIndicator")?.lowercased() == "fail" {
            faults.append((status.worst, "failed"))
        }
        guard status.state?.lowercased() != "disabled", !status.isAbsent else { return faults }
        if json["FailurePredicted"]?.bool == true {
            faults.append((.warning, "predicted failure"))
        }
        // 0 is what many write who do not know.
        if let left = json.positive("PredictedMediaLifeLeftPercent"), left <= 5 {
            faults.append((.warning, "\(Int(left)) % of its life left"))
        }
        return faults
    }
}
