import Core

extension DeviceStatus {
    /// The status as commands print it and metadata show it; it holds no secret.
    var json: JSON {
        var members: JSONObject = [
            "Name": .string(name),
            "BMC": JSON(device?.bmc),
            "System": JSON(device?.system),
            "Labels": JSON(device?.labels ?? [:]),
            "Hostname": JSON(device?.hostname),
            "Pool": .string(array.rawValue),
            "Phase": JSON(claim?.phase.name),
            "Power": JSON(observation?.power.rawValue),
            "Health": JSON(observation?.health.rawValue),
            "Reasons": .array(reasons.map(JSON.string)),
            "Foreign": .bool(isForeign),
            "Cordoned": .bool(cordon != nil),
            "Instance": JSON(claim?.id),
            "Group": JSON(claim?.group),
            "LogicalID": JSON(claim?.spec.logicalID),
            "ClaimedAt": JSON(claim?.claimedAt?.timestamp),
            "LastSeen": JSON(observation?.date.timestamp),
        ]
        if let facts { members["Facts"] = facts.json }
        return .object(members)
    }

    /// Why the device is where it is, the worst first.
    var reasons: [String] {
        var reasons = claim?.failure?.reasons ?? []
        for reason in observation?.reasons ?? [] where !reasons.contains(reason) {
            reasons.append(reason)
        }
        return reasons
    }
}

extension Claim.Phase {
    var name: String {
        switch self {
        case .provisioning: "provisioning"
        case .active: "active"
        case .releasing: "releasing"
        }
    }
}
