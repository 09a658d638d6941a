internal import Core
internal import Foundation

extension PlainScanner {
    /// Reads what ``StateDocument/entry(of:record:)`` makes.
    mutating func entry() throws(GivenUp) -> DeviceRecord {
        try expect(#"{"ID":"#)
        let id = try string()
        try expect(#","LogicalID":"#)
        let logicalID = try optionalString()
        try expect(#","Tags":"#)
        let tags = try strings()
        let device: String? = take(#","Device":"#) ? try string() : nil
        let phase = try phase()
        try expect(#","Spec":{"Properties":"#)
        let properties = try value()
        try expect(#","Init":"#)
        let initScript = try string()
        try expect(#","Attachments":"#)
        let attachments = try value()
        try expect("}")
        let claimedAt: Date? = take(#","ClaimedAt":"#) ? try date() : nil
        let failure = try failure()
        var others: JSONObject = [:]
        while !take(#","Order":"#) {
            try expect(",")
            let key = try string()
            guard !StateKeys.entry.contains(key), others[key] == nil else { throw GivenUp() }
            try expect(":")
            others[key] = try value()
        }
        let order = try integer()
        try expect(#","Version":"#)
        let version = try natural()
        try expect("}")
        let claim = Claim(
            id: id,
            spec: ClaimSpec(
                properties: properties, tags: tags, initScript: initScript, logicalID: logicalID,
                attachments: attachments),
            phase: phase, claimedAt: claimedAt, order: order, failure: failure)
        return DeviceRecord(
            key: device.map(RecordKey.device) ?? .orphan(instance: id), version: version,
            claim: claim, others: others)
    }

    /// Reads what ``StateChange/payload`` makes, up to the text's end.
    mutating func change() throws(GivenUp) -> StateChange {
        let key: RecordKey
        if take(#"{"Device":"#) {
            key = .device(try string())
        } else {
            try expect(#"{"Instance":"#)
            key = .orphan(instance: try string())
        }
        try expect(#","Replaces":"#)
        let replaced = try natural()
        try expect(#","Version":"#)
        let version = try natural()
        var record = DeviceRecord(key: key, version: version)
        if take(#","Entry":"#) {
            record = try entry()
            record.version = version
        }
        if take(#","Mark":"#) {
            let mark = try object()
            do {
                try StateReader(file: "").apply(mark, to: &record, at: "Mark")
            } catch {
                throw GivenUp()
            }
        }
        try expect("}")
        guard isAtEnd else { throw GivenUp() }
        return StateChange(record: record, replaced: replaced)
    }

    private mutating func strings() throws(GivenUp) -> [String: String] {
        try expect("{")
        var strings: [String: String] = [:]
        var isFirst = true
        while !take("}") {
            if !isFirst { try expect(",") }
            isFirst = false
            let key = try string()
            try expect(":")
            guard strings.updateValue(try string(), forKey: key) == nil else { throw GivenUp() }
        }
        return strings
    }

    private mutating func phase() throws(GivenUp) -> Claim.Phase {
        if take(#","Phase":"active""#) { return .active }
        if take(#","Phase":"releasing""#) { return .releasing }
        try expect(#","Phase":"provisioning","Step":"#)
        guard let step = Claim.ProvisioningStep(rawValue: try string()) else { throw GivenUp() }
        return .provisioning(step)
    }

    private mutating func failure() throws(GivenUp) -> Claim.Failure? {
        guard take(#","Failure":{"Since":"#) else { return nil }
        let since = try date()
        try expect(#","Reasons":["#)
        var reasons: [String] = []
        while !take("]") {
            if !reasons.isEmpty { try expect(",") }
            reasons.append(try string())
        }
        try expect("}")
        return Claim.Failure(since: since, reasons: reasons)
    }

    private mutating func date() throws(GivenUp) -> Date {
        guard let date = Date(timestamp: try string()) else { throw GivenUp() }
        return date
    }
}
