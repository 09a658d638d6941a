internal import Core
internal import Foundation

/// Reads the members one by one and knows the path of the one at hand.
struct StateReader {
    let file: String
    private var instanceIDs: Set<String> = []
    private var claimed: Set<String> = []
    private var marks: [String: JSONObject] = [:]

    init(file: String) {
        self.file = file
    }

    mutating func document(_ root: JSON) throws(StoreError) -> StateDocument {
        var document = try self.document(root, entryCount: 0)
        let root = try object(root, at: "the file")
        for (array, isFailed) in [("Instances", false), ("NonFunctional", true)] {
            let entries = try list(root[array] ?? [], at: array)
            var order: Int64 = -1
            for (index, entry) in entries.enumerated() {
                let path = "\(array)[\(index)]"
                let record = try self.entry(
                    try object(entry, at: path), at: path, order: order + 1, isFailed: isFailed)
                order = record.claim?.order ?? order
                try add(record, at: path, to: &document)
            }
        }
        try addMarks(to: &document)
        return document
    }

    /// Reads what there is beside the arrays.
    /// - Parameter entryCount: about how many elements these have.
    mutating func document(
        _ root: JSON, entryCount: Int
    ) throws(StoreError) -> StateDocument {
        let root = try object(root, at: "the file")
        var document = StateDocument()
        var provider = try object(root["Provider"] ?? [:], at: "Provider")
        if let format = provider["Format"] {
            guard let number = format.integer, StateDocument.readFormats.contains(number) else {
                throw fault(
                    "Provider.Format",
                    "is \(format), this release reads 1 and 2: use the release that wrote it")
            }
        }
        document.sequence =
            try provider["Sequence"].map { value throws(StoreError) in
                try natural(value, at: "Provider.Sequence")
            } ?? 0
        for (name, value) in try object(provider["Devices"] ?? [:], at: "Provider.Devices") {
            marks[name] = try object(value, at: "Provider.Devices.\(name)")
        }
        document.journal = try journal(provider["Journal"])
        for key in ["Format", "Sequence", "Journal", "Devices"] { provider[key] = nil }
        document.others = provider
        instanceIDs.reserveCapacity(entryCount)
        claimed.reserveCapacity(entryCount)
        document.records.reserveCapacity(entryCount)
        return document
    }

    /// Adds an element of an array, with what is kept of its device beside it.
    mutating func add(
        _ record: DeviceRecord, at path: String, to document: inout StateDocument
    ) throws(StoreError) {
        var record = record
        try check(record, at: path)
        if let name = record.key.deviceName, let mark = marks.removeValue(forKey: name) {
            try apply(mark, to: &record, at: "Provider.Devices.\(name)")
        }
        document.records.append(record)
    }

    /// Adds the devices that are in no array.
    mutating func addMarks(to document: inout StateDocument) throws(StoreError) {
        for (name, mark) in marks {
            var record = DeviceRecord(key: .device(name), version: 1)
            try apply(mark, to: &record, at: "Provider.Devices.\(name)")
            document.records.append(record)
        }
        marks = [:]
    }

    private mutating func check(_ record: DeviceRecord, at path: String) throws(StoreError) {
        if let id = record.claim?.id, !instanceIDs.insert(id).inserted {
            throw fault("\(path).ID", "\(id) stands in the file twice")
        }
        if let device = record.key.deviceName, !claimed.insert(device).inserted {
            throw fault("\(path).Device", "\(device) is claimed twice")
        }
    }

    private func journal(_ value: JSON?) throws(StoreError) -> JournalReference? {
        guard let value, !value.isNull else { return nil }
        let journal = try object(value, at: "Provider.Journal")
        let text = try string(journal["ID"] ?? .null, at: "Provider.Journal.ID")
        guard let identifier = Hexadecimal.value(Array(text.utf8)) else {
            throw fault("Provider.Journal.ID", "\(text) is not 16 hexadecimal digits")
        }
        return JournalReference(
            identifier: identifier,
            change: try natural(journal["Change"] ?? .null, at: "Provider.Journal.Change"),
            segment: try natural(journal["Segment"] ?? .null, at: "Provider.Journal.Segment"),
            isClean: journal["Clean"]?.bool ?? false)
    }

    /// Reads an element of `Instances` or `NonFunctional`.
    /// - Parameter order: the place that the element has if it names none.
    func entry(
        _ entry: JSONObject, at path: String, order: Int64, isFailed: Bool
    ) throws(StoreError) -> DeviceRecord {
        let rest = Self.members(of: entry, except: StateKeys.entry)
        let id = try string(entry["ID"] ?? .null, at: "\(path).ID")
        let device = try optionalString(entry["Device"], at: "\(path).Device")
        let order =
            try entry["Order"].map { value throws(StoreError) in
                try integer(value, at: "\(path).Order")
            } ?? order
        let spec = try self.spec(entry, at: path)
        let claim = Claim(
            id: id, spec: spec, phase: try phase(entry, at: path),
            claimedAt: try date(entry["ClaimedAt"], at: "\(path).ClaimedAt"), order: order,
            failure: try failure(entry["Failure"], at: "\(path).Failure", isFailed: isFailed))
        return DeviceRecord(
            key: device.map(RecordKey.device) ?? .orphan(instance: id),
            version: try entry["Version"].map { value throws(StoreError) in
                try natural(value, at: "\(path).Version")
            } ?? 1,
            claim: claim, others: rest)
    }

    private func spec(_ entry: JSONObject, at path: String) throws(StoreError) -> ClaimSpec {
        let spec = try object(entry["Spec"] ?? [:], at: "\(path).Spec")
        var tags: [String: String] = [:]
        if let value = entry["Tags"], !value.isNull {
            for (key, tag) in try object(value, at: "\(path).Tags") {
                tags[key] = tag.isNull ? "" : try string(tag, at: "\(path).Tags.\(key)")
            }
        }
        return ClaimSpec(
            properties: spec["Properties"] ?? .null, tags: tags,
            initScript: try optionalString(spec["Init"], at: "\(path).Spec.Init") ?? "",
            logicalID: try optionalString(entry["LogicalID"], at: "\(path).LogicalID"),
            attachments: spec["Attachments"] ?? .null)
    }

    private func phase(_ entry: JSONObject, at path: String) throws(StoreError) -> Claim.Phase {
        switch try optionalString(entry["Phase"], at: "\(path).Phase") {
        case nil, "active": return .active
        case "releasing": return .releasing
        case "provisioning":
            let name = try string(entry["Step"] ?? .null, at: "\(path).Step")
            guard let step = Claim.ProvisioningStep(rawValue: name) else {
                throw fault("\(path).Step", "\(name) is no step of a provision")
            }
            return .provisioning(step)
        case let other?:
            throw fault("\(path).Phase", "\(other) is none of provisioning, active, releasing")
        }
    }

    private func failure(
        _ value: JSON?, at path: String, isFailed: Bool
    ) throws(StoreError) -> Claim.Failure? {
        guard isFailed else { return nil }
        guard let value, !value.isNull else {
            return Claim.Failure(since: Date(timeIntervalSince1970: 0), reasons: [])
        }
        let object = try object(value, at: path)
        var reasons: [String] = []
        for reason in try list(object["Reasons"] ?? [], at: "\(path).Reasons") {
            reasons.append(try string(reason, at: "\(path).Reasons"))
        }
        return Claim.Failure(
            since: try date(object["Since"], at: "\(path).Since") ?? Date(timeIntervalSince1970: 0),
            reasons: reasons)
    }

    private static func members(of object: JSONObject, except known: Set<String>) -> JSONObject {
        var rest: JSONObject = [:]
        for (key, value) in object where !known.contains(key) { rest[key] = value }
        return rest
    }

    /// Adds what is kept of a device beside its claim.
    func apply(
        _ mark: JSONObject, to record: inout DeviceRecord, at path: String
    ) throws(StoreError) {
        record.lastLogicalID = try optionalString(
            mark["LastLogicalID"], at: "\(path).LastLogicalID")
        if let order = mark["ReleaseOrder"] {
            record.releaseOrder = try integer(order, at: "\(path).ReleaseOrder")
        }
        if let cordon = mark["Cordon"], !cordon.isNull {
            let cordon = try object(cordon, at: "\(path).Cordon")
            record.cordon = Cordon(
                since: try date(cordon["Since"], at: "\(path).Cordon.Since")
                    ?? Date(timeIntervalSince1970: 0),
                reason: try optionalString(cordon["Reason"], at: "\(path).Cordon.Reason"))
        }
        if let version = mark["Version"] {
            record.version = max(record.version, try natural(version, at: "\(path).Version"))
        }
        for (key, value) in Self.members(of: mark, except: StateKeys.mark) {
            record.others[key] = value
        }
    }

    func fault(_ path: String, _ message: String) -> StoreError {
        .unreadable(
            "\(file): \(path): \(message); the state is never replaced: repair the file, or move it"
                + " away to start with an empty pool")
    }

    func object(_ value: JSON, at path: String) throws(StoreError) -> JSONObject {
        guard let object = value.object else {
            throw fault(path, "is \(value.typeName) and should be an object")
        }
        return object
    }

    private func list(_ value: JSON, at path: String) throws(StoreError) -> [JSON] {
        guard let list = value.array else {
            throw fault(path, "is \(value.typeName) and should be an array")
        }
        return list
    }

    func string(_ value: JSON, at path: String) throws(StoreError) -> String {
        guard let string = value.string else {
            throw fault(path, "is \(value.typeName) and should be a string")
        }
        return string
    }

    func optionalString(_ value: JSON?, at path: String) throws(StoreError) -> String? {
        guard let value, !value.isNull else { return nil }
        return try string(value, at: path)
    }

    private func integer(_ value: JSON, at path: String) throws(StoreError) -> Int64 {
        guard let integer = value.integer, integer.magnitude <= StateKeys.highestNumber else {
            throw fault(
                path,
                "is \(value) and should be an integer from -\(StateKeys.highestNumber) to"
                    + " \(StateKeys.highestNumber)")
        }
        return integer
    }

    func natural(_ value: JSON, at path: String) throws(StoreError) -> UInt64 {
        guard let integer = value.integer, integer >= 0,
            integer.magnitude <= StateKeys.highestNumber
        else {
            throw fault(
                path,
                "is \(value) and should be an integer from 0 to \(StateKeys.highestNumber)")
        }
        return UInt64(integer)
    }

    private func date(_ value: JSON?, at path: String) throws(StoreError) -> Date? {
        guard let text = try optionalString(value, at: path) else { return nil }
        guard let date = Date(timestamp: text) else {
            throw fault(path, "\(text) is no date such as 2026-01-31T12:00:00Z")
        }
        return date
    }
}
