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
    /// - Parameter isStored: see ``PlainWriter/put(_:of:isStored:)``.
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
        if let date = record.unconfirmedOn {
            mark["UnconfirmedOn"] = .string(date.timestampRoundedUp)
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

    private static func machine(_ machine: Machine, _ others: JSON?) -> JSON {
        var object: JSONObject = [
            "Provider": .string(machine.address.provider), "BMC": .string(machine.address.bmc),
        ]
        if let system = machine.address.system { object["System"] = .string(system) }
        for identifier in SystemIdentity.Identifier.allCases {
            if let value = machine.identity[identifier] {
                object[identifier.memberName] = .string(value)
            }
        }
        if !machine.unreliable.isEmpty {
            object["Unreliable"] = .array(machine.unreliableNames)
        }
        object.add(others)
        return .object(object)
    }
}
