internal import Core
internal import Foundation

/// The members that we read and write ourselves.
enum StateKeys {
    static let entry: Set = [
        "ID", "LogicalID", "Tags", "Device", "Phase", "Step", "Spec", "ClaimedAt", "Failure",
        "Order", "Version",
    ]
    static let mark: Set = ["LastLogicalID", "ReleaseOrder", "Cordon", "Version"]

    /// The highest number that is read, here and in the journal. Far from what JSON can hold, so that
    /// whoever counts on from there needs no care: no state comes this far, only a damaged one.
    static let highestNumber: UInt64 = 1 << 62
}

extension StateDocument {
    /// The head of the file, up to the first instance.
    static func head(
        sequence: UInt64, journal: JournalReference,
        marks: some Sequence<(name: String, mark: JSON)>, others: JSONObject
    ) -> [UInt8] {
        var reference: JSONObject = [
            "ID": .string(
                String(decoding: Hexadecimal.text(journal.identifier), as: UTF8.self)),
            "Change": JSON(journal.change), "Segment": JSON(journal.segment),
        ]
        if journal.isClean { reference["Clean"] = true }
        var provider: JSONObject = [
            "Format": .integer(format), "Sequence": JSON(sequence), "Journal": .object(reference),
        ]
        for (key, value) in others { provider[key] = value }
        var bytes = Array(#"{"Provider":"#.utf8)
        var text = JSON.object(provider).encoded()
        text.removeLast()
        bytes += text
        bytes += Array(#","Devices":{"#.utf8)
        var isFirst = true
        for (name, mark) in marks {
            bytes += Array((isFirst ? "\n" : ",\n").utf8)
            isFirst = false
            JSON.string(name).encode(into: &bytes)
            bytes.append(UInt8(ascii: ":"))
            mark.encode(into: &bytes)
        }
        bytes += Array("}},\n".utf8)
        return bytes
    }

    /// What is kept of a device beside its claim, or nil if that is nothing.
    static func mark(of record: DeviceRecord) -> JSON? {
        var mark: JSONObject = [:]
        if let lastLogicalID = record.lastLogicalID {
            mark["LastLogicalID"] = .string(lastLogicalID)
        }
        if let order = record.releaseOrder { mark["ReleaseOrder"] = .integer(order) }
        if let cordon = record.cordon {
            mark["Cordon"] = [
                "Since": .string(cordon.since.timestamp), "Reason": JSON(cordon.reason),
            ]
        }
        if record.claim == nil {
            for (key, value) in record.others { mark[key] = value }
            if !mark.isEmpty { mark["Version"] = JSON(record.version) }
        }
        return mark.isEmpty ? nil : .object(mark)
    }

    /// The line of a claim in `Instances` or `NonFunctional`.
    static func entry(of claim: Claim, record: DeviceRecord) -> JSON {
        var entry: JSONObject = [
            "ID": .string(claim.id), "LogicalID": JSON(claim.spec.logicalID),
            "Tags": JSON(claim.spec.tags),
        ]
        if let device = record.key.deviceName { entry["Device"] = .string(device) }
        switch claim.phase {
        case .active: entry["Phase"] = "active"
        case .releasing: entry["Phase"] = "releasing"
        case .provisioning(let step):
            entry["Phase"] = "provisioning"
            entry["Step"] = .string(step.rawValue)
        }
        entry["Spec"] = [
            "Properties": claim.spec.properties, "Init": .string(claim.spec.initScript),
            "Attachments": claim.spec.attachments,
        ]
        if let claimedAt = claim.claimedAt { entry["ClaimedAt"] = .string(claimedAt.timestamp) }
        if let failure = claim.failure {
            entry["Failure"] = [
                "Since": .string(failure.since.timestamp),
                "Reasons": .array(failure.reasons.map(JSON.string)),
            ]
        }
        for (key, value) in record.others { entry[key] = value }
        entry["Order"] = .integer(claim.order)
        entry["Version"] = JSON(record.version)
        return .object(entry)
    }
}
