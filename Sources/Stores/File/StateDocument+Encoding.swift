internal import Core
internal import Foundation

extension StateDocument {
    /// The head of the file, up to the first instance.
    static func head(
        sequence: UInt64, journal: JournalReference,
        marks: some Sequence<(name: String, mark: JSON)>, others: StateOthers
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
        for (key, value) in others.provider { provider[key] = value }
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
        for (key, value) in others.root {
            JSON.string(key).encode(into: &bytes)
            bytes.append(UInt8(ascii: ":"))
            value.encode(into: &bytes)
            bytes += Array(",\n".utf8)
        }
        return bytes
    }

    /// What is kept of a device beside its claim, or nil if that is nothing.
    /// - Parameter isStored: whether the revision is in the text; in the journal it is the change's
    ///   number.
    static func mark(of record: DeviceRecord, isStored: Bool) -> JSON? {
        var mark: JSONObject = [:]
        if let carrier = record.lastCarrier {
            var object: JSONObject = ["LogicalID": .string(carrier.key.logicalID)]
            if let group = carrier.key.group { object["Group"] = .string(group) }
            object["Sequence"] = .integer(carrier.sequence)
            object.add(record.others["LastCarrier"])
            mark["LastCarrier"] = .object(object)
        }
        if let order = record.releaseOrder { mark["ReleaseOrder"] = .integer(order) }
        if let cordon = record.cordon {
            var object: JSONObject = [
                "Since": .string(cordon.since.timestamp), "Reason": JSON(cordon.reason),
            ]
            object.add(record.others["Cordon"])
            mark["Cordon"] = .object(object)
        }
        if record.claim == nil {
            if let machine = record.machine {
                mark["Machine"] = Self.machine(machine, record.others["Machine"])
            }
            for (key, value) in record.others where !DeviceRecord.isNested(key) {
                mark[key] = value
            }
            if !mark.isEmpty, isStored { mark["Revision"] = JSON(record.revision) }
        }
        return mark.isEmpty ? nil : .object(mark)
    }

    /// The line of a claim in `Instances` or `NonFunctional`.
    /// - Parameter isStored: see ``mark(of:isStored:)``.
    static func entry(of claim: Claim, record: DeviceRecord, isStored: Bool) -> JSON {
        var entry: JSONObject = [
            "ID": .string(claim.id), "LogicalID": JSON(claim.spec.logicalID),
            "Tags": JSON(claim.spec.tags),
        ]
        if let device = record.key.deviceName { entry["Device"] = .string(device) }
        entry["State"] = .string(claim.state.name)
        if let step = claim.state.step { entry["Step"] = .string(step.rawValue) }
        var spec: JSONObject = [
            "Properties": claim.spec.properties, "Init": .string(claim.spec.initScript),
            "Attachments": claim.spec.attachments,
        ]
        spec.add(record.others["Spec"])
        entry["Spec"] = .object(spec)
        if let claimedAt = claim.claimedAt { entry["ClaimedAt"] = .string(claimedAt.timestamp) }
        if let failure = claim.state.failure {
            var object: JSONObject = [
                "Since": .string(failure.since.timestamp),
                "Reasons": .array(failure.reasons.map(JSON.string)),
                "Cause": .string(failure.cause.rawValue),
            ]
            object.add(record.others["Failure"])
            entry["Failure"] = .object(object)
        }
        if claim.power != SentPower() { entry["Power"] = power(claim.power, record) }
        if let machine = record.machine {
            entry["Machine"] = Self.machine(machine, record.others["Machine"])
        }
        for (key, value) in record.others where !DeviceRecord.isNested(key) { entry[key] = value }
        entry["Order"] = .integer(claim.order)
        if isStored { entry["Revision"] = JSON(record.revision) }
        return .object(entry)
    }

    private static func power(_ power: SentPower, _ record: DeviceRecord) -> JSON {
        var object: JSONObject = [:]
        if power.pendingOns > 0 { object["PendingOns"] = JSON(power.pendingOns) }
        if let date = power.lastOn { object["LastOn"] = .string(date.timestampRoundedUp) }
        if let date = power.answered { object["Answered"] = .string(date.timestampRoundedUp) }
        if power.isConfirmedOff { object["ConfirmedOff"] = true }
        object.add(record.others["Power"])
        return .object(object)
    }

    private static func machine(_ machine: Machine, _ others: JSON?) -> JSON {
        var object: JSONObject = [
            "Provider": .string(machine.address.provider), "BMC": .string(machine.address.bmc),
        ]
        if let system = machine.address.system { object["System"] = .string(system) }
        let identifiers = SystemIdentity.Identifier.allCases
        for identifier in identifiers {
            if let value = machine.identity[identifier] {
                object[identifier.memberName] = .string(value)
            }
        }
        if !machine.unreliable.isEmpty {
            object["Unreliable"] = .array(
                identifiers.filter(machine.unreliable.contains).map { .string($0.memberName) })
        }
        object.add(others)
        return .object(object)
    }
}

extension Date {
    /// The date as it is stored where what follows from it waits: rather a second longer than one too
    /// short.
    fileprivate var timestampRoundedUp: String {
        Date(timeIntervalSince1970: timeIntervalSince1970.rounded(.up)).timestamp
    }
}
