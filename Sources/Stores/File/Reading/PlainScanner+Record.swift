internal import Core
internal import Foundation

extension PlainScanner {
    /// Reads what ``PlainWriter/put(_:of:isStored:)`` makes, in format 2 too.
    mutating func entry() throws(GivenUp) -> DeviceRecord {
        try expect(#"{"ID":"#)
        let id = try string()
        try expect(#","LogicalID":"#)
        let logicalID = try optionalString()
        try expect(#","Tags":"#)
        let tags = try strings()
        let device: String? = take(#","Device":"#) ? try string() : nil
        let word = try word()
        try expect(#","Spec":{"Properties":"#)
        let properties = try value()
        try expect(#","Init":"#)
        let initScript = try string()
        try expect(#","Attachments":"#)
        let attachments = try value()
        try expect("}")
        let claimedAt: Date? = take(#","ClaimedAt":"#) ? try date() : nil
        let failure = try failure()
        let (state, power) = try state(word, failure)
        let machine = try machine()
        var others: JSONObject = [:]
        while !take(#","Order":"#) {
            try expect(",")
            let key = try string()
            guard !StateKeys.entry.contains(key), others[key] == nil else { throw GivenUp() }
            try expect(":")
            others[key] = try value()
        }
        let order = try integer()
        let revision: UInt64 =
            take(#","Revision":"#) || take(#","Version":"#) ? try natural() : 0
        try expect("}")
        let claim = Claim(
            id: id,
            spec: ClaimSpec(
                properties: properties, tags: tags, initScript: initScript, logicalID: logicalID,
                attachments: attachments),
            state: state, claimedAt: claimedAt, order: order, power: power)
        return DeviceRecord(
            key: device.map(RecordKey.device) ?? .orphan(instance: id), revision: revision,
            machine: machine, claim: claim, others: others)
    }

    /// Reads what ``StateChange/payload`` makes, up to the text's end.
    mutating func change() throws(GivenUp) -> StateChange {
        var puts: [StateChange.Put] = []
        if take(#"{"Changes":["#) {
            while !take("]}") {
                if !puts.isEmpty { try expect(",") }
                puts.append(try put())
            }
        } else {
            puts.append(try put())
        }
        guard isAtEnd else { throw GivenUp() }
        return StateChange(puts)
    }

    private mutating func put() throws(GivenUp) -> StateChange.Put {
        let key: RecordKey
        if take(#"{"Device":"#) {
            key = .device(try string())
        } else {
            try expect(#"{"Instance":"#)
            key = .orphan(instance: try string())
        }
        try expect(#","Replaces":"#)
        let replaced = try natural()
        let version: UInt64? = take(#","Version":"#) ? try natural() : nil
        var record = DeviceRecord(key: key)
        if take(#","Entry":"#) { record = try entry() }
        if take(#","Mark":"#) {
            let mark = try object()
            do {
                try StateReader(file: "").apply(mark, to: &record, at: "Mark")
            } catch {
                throw GivenUp()
            }
        }
        try expect("}")
        record.revision = replaced
        return StateChange.Put(record: record, version: version)
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

    // MARK: State

    private enum Word {
        case state(String, ClaimState.StartStep?)
        case phase(ClaimState.Phase)
    }

    private mutating func word() throws(GivenUp) -> Word {
        if take(#","State":"running""#) { return .state("running", nil) }
        if take(#","State":"#) {
            let name = try string()
            return .state(name, take(#","Step":"#) ? try step() : nil)
        }
        if take(#","Phase":"active""#) { return .phase(.active) }
        if take(#","Phase":"releasing""#) { return .phase(.releasing) }
        try expect(#","Phase":"provisioning","Step":"#)
        return .phase(.provisioning(try step()))
    }

    private mutating func state(
        _ word: Word, _ failure: ClaimState.Failure?
    ) throws(GivenUp) -> (ClaimState, SentPower) {
        switch word {
        case .phase(let phase):
            return (ClaimState(phase, failure: failure), SentPower(phase))
        case .state(let name, let step):
            guard let state = ClaimState(name: name, step: step, failure: failure) else {
                throw GivenUp()
            }
            return (state, try power())
        }
    }

    private mutating func step() throws(GivenUp) -> ClaimState.StartStep {
        guard let step = ClaimState.StartStep(rawValue: try string()) else { throw GivenUp() }
        return step
    }

    private mutating func failure() throws(GivenUp) -> ClaimState.Failure? {
        guard take(#","Failure":{"Since":"#) else { return nil }
        let since = try date()
        try expect(#","Reasons":["#)
        var reasons: [String] = []
        while !take("]") {
            if !reasons.isEmpty { try expect(",") }
            reasons.append(try string())
        }
        var cause = ClaimState.Failure.Cause.health
        if take(#","Cause":"#) {
            guard let known = ClaimState.Failure.Cause(rawValue: try string()) else {
                throw GivenUp()
            }
            cause = known
        }
        try expect("}")
        return ClaimState.Failure(since: since, reasons: reasons, cause: cause)
    }

    private mutating func power() throws(GivenUp) -> SentPower {
        guard take(#","Power":{"#) else { return SentPower() }
        var power = SentPower()
        var isFirst = true
        while !take("}") {
            if !isFirst { try expect(",") }
            if take(#""PendingOns":"#), isFirst {
                power.pendingOns = Int(clamping: try natural())
            } else if take(#""LastOn":"#), power.lastOn == nil {
                power.lastOn = try date()
            } else if take(#""Answered":"#), power.answered == nil {
                power.answered = try date()
            } else if take(#""ConfirmedOff":true"#), !power.isConfirmedOff {
                power.isConfirmedOff = true
            } else {
                throw GivenUp()
            }
            isFirst = false
        }
        return power
    }

    private mutating func machine() throws(GivenUp) -> Machine? {
        guard take(#","Machine":{"Provider":"#) else { return nil }
        let provider = try string()
        try expect(#","BMC":"#)
        let bmc = try string()
        let system: String? = take(#","System":"#) ? try string() : nil
        var identity = SystemIdentity()
        if take(#","UUID":"#) { identity.uuid = try string() }
        if take(#","SerialNumber":"#) { identity.serialNumber = try string() }
        if take(#","ServiceTag":"#) { identity.serviceTag = try string() }
        // What changed on a machine is rare.
        try expect("}")
        return Machine(
            address: MachineAddress(provider: provider, bmc: bmc, system: system),
            identity: identity)
    }

    private mutating func date() throws(GivenUp) -> Date {
        guard let date = Date(timestamp: try string()) else { throw GivenUp() }
        return date
    }
}
