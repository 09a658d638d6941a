import Core

extension DeviceStatus {
    /// The status as commands print it and metadata show it; it holds no secret.
    var json: JSON {
        let address = device?.address ?? machine?.address
        var members: JSONObject = [
            "Name": .string(name),
            "Provider": JSON(address?.provider),
            "BMC": JSON(address?.bmc),
            "System": JSON(address?.system),
            "Labels": JSON(device?.labels ?? [:]),
            "Hostname": JSON(device?.hostname),
            "Listed": .bool(isListed),
            "Pool": .string(array.rawValue),
            "State": JSON(claim?.state.name),
            "Power": JSON(observation?.power.rawValue),
            "Health": JSON(observation?.health.rawValue),
            "Reasons": .array(reasons.map(JSON.string)),
            "Foreign": .bool(isForeign),
            "Cordoned": .bool(cordon != nil),
            "CordonReason": JSON(cordon?.reason),
            "Instance": JSON(claim?.id),
            "Group": JSON(claim?.group),
            "LogicalID": JSON(claim?.spec.logicalID),
            "ClaimedAt": JSON(claim?.claimedAt?.timestamp),
            "LastSeen": JSON(lastAnswer?.timestamp),
            "Machine": claim == nil ? .null : machine?.json ?? .null,
            "Identity": identity.json,
            "Twin": JSON(twin),
        ]
        if let facts { members["Facts"] = facts.json }
        return .object(members)
    }
}

extension Claim {
    /// An instance that names no device, as ``DeviceStatus/json`` shows those that do.
    var orphanJSON: JSON {
        [
            "Name": .null, "Labels": [:], "Listed": false,
            "Pool": .string(
                (state.isDescribed ? DeviceStatus.Array.active : .nonFunctional).rawValue),
            "State": .string(state.name),
            "Reasons": .array(
                ["names no device: it can't be watched or powered off"].map(JSON.string)
                    + (state.failure?.reasons ?? []).map(JSON.string)),
            "Instance": .string(id), "Group": JSON(group), "LogicalID": JSON(spec.logicalID),
            "ClaimedAt": JSON(claimedAt?.timestamp),
        ]
    }
}

extension Machine {
    /// Where the claimed machine stood, and by what it is known.
    fileprivate var json: JSON {
        var members: JSONObject = [
            "Provider": .string(address.provider), "BMC": .string(address.bmc),
            "System": JSON(address.system),
        ]
        for (key, value) in identity.members { members[key] = value }
        return .object(members)
    }
}

extension SystemIdentity {
    fileprivate var members: JSONObject {
        [
            "UUID": JSON(uuid), "SerialNumber": JSON(serialNumber),
            "ServiceTag": JSON(serviceTag),
        ]
    }

    fileprivate var json: JSON { isEmpty ? .null : .object(members) }
}
