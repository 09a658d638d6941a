internal import Foundation

/// The state file's content: the JSON shape of InfraKit-Instance-C with what we add.
///
/// ```
/// {"Provider":{"Format":1,"Sequence":2,"Devices":{"r1u03":{"LastLogicalID":"db1","Version":4}}},
/// "Instances":[
/// {"ID":"zzzzzzzy-r1u01","LogicalID":null,"Tags":{},"Device":"r1u01","Phase":"active",…}
/// ],
/// "NonFunctional":[]}
/// ```
///
/// An instance stands on a line of its own and in the order of its array.
struct StateDocument {
    static let format: Int64 = 1

    /// The highest number that was ever handed out.
    var sequence: UInt64 = 0
    var records: [DeviceRecord] = []
    /// Members of `Provider` that another program wrote; they are kept.
    var others: JSONObject = [:]
}

// MARK: - Reading

extension StateDocument {
    /// Reads a state file's text.
    /// - Throws: ``StoreError/unreadable(_:)`` with the file and line and column, or the path of
    ///   the member, that makes no sense.
    init(parsing bytes: [UInt8], file: String) throws(StoreError) {
        let root: JSON
        do {
            root = try JSON(parsing: bytes, maximumDepth: 200)
        } catch {
            throw .unreadable(
                "\(file):\(error.line):\(error.column): \(error.message); the state is never"
                    + " replaced: repair the file, or move it away to start with an empty pool")
        }
        var reader = StateReader(file: file)
        self = try reader.document(root)
    }
}

/// Reads the members one by one and knows the path of the one at hand.
private struct StateReader {
    let file: String
    private var instanceIDs: Set<String> = []
    private var claimed: Set<String> = []

    init(file: String) {
        self.file = file
    }

    mutating func document(_ root: JSON) throws(StoreError) -> StateDocument {
        let root = try object(root, at: "the file")
        var document = StateDocument()
        var provider = try object(root["Provider"] ?? [:], at: "Provider")
        if let format = provider["Format"] {
            guard format.integer == StateDocument.format else {
                throw fault(
                    "Provider.Format",
                    "is \(format), this release reads 1: use the release that wrote it")
            }
        }
        document.sequence =
            try provider["Sequence"].map { value throws(StoreError) in
                try natural(value, at: "Provider.Sequence")
            } ?? 0
        var marks: [String: JSONObject] = [:]
        for (name, value) in try object(provider["Devices"] ?? [:], at: "Provider.Devices") {
            marks[name] = try object(value, at: "Provider.Devices.\(name)")
        }
        for key in ["Format", "Sequence", "Devices"] { provider[key] = nil }
        document.others = provider
        for (array, isFailed) in [("Instances", false), ("NonFunctional", true)] {
            let entries = try list(root[array] ?? [], at: array)
            for (index, entry) in entries.enumerated() {
                let path = "\(array)[\(index)]"
                var record = try self.entry(
                    try object(entry, at: path), at: path, order: Int64(index), isFailed: isFailed)
                if let name = record.key.deviceName, let mark = marks.removeValue(forKey: name) {
                    try apply(mark, to: &record, at: "Provider.Devices.\(name)")
                }
                document.records.append(record)
            }
        }
        for (name, mark) in marks {
            var record = DeviceRecord(key: .device(name), version: 1)
            try apply(mark, to: &record, at: "Provider.Devices.\(name)")
            document.records.append(record)
        }
        return document
    }

    private mutating func entry(
        _ entry: JSONObject, at path: String, order: Int64, isFailed: Bool
    ) throws(StoreError) -> DeviceRecord {
        var rest = entry
        for key in StateKeys.entry { rest[key] = nil }
        let id = try string(entry["ID"] ?? .null, at: "\(path).ID")
        guard instanceIDs.insert(id).inserted else {
            throw fault("\(path).ID", "\(id) stands in the file twice")
        }
        let device = try optionalString(entry["Device"], at: "\(path).Device")
        if let device, !claimed.insert(device).inserted {
            throw fault("\(path).Device", "\(device) is claimed twice")
        }
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

    private func apply(
        _ mark: JSONObject, to record: inout DeviceRecord, at path: String
    ) throws(StoreError) {
        record.lastLogicalID = try optionalString(
            mark["LastLogicalID"], at: "\(path).LastLogicalID")
        if let order = mark["ReleaseOrder"] {
            guard let order = order.integer else {
                throw fault("\(path).ReleaseOrder", "is no integer")
            }
            record.releaseOrder = order
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
        var rest = mark
        for key in StateKeys.mark { rest[key] = nil }
        for (key, value) in rest { record.others[key] = value }
    }

    private func fault(_ path: String, _ message: String) -> StoreError {
        .unreadable(
            "\(file): \(path): \(message); the state is never replaced: repair the file, or move it"
                + " away to start with an empty pool")
    }

    private func object(_ value: JSON, at path: String) throws(StoreError) -> JSONObject {
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

    private func string(_ value: JSON, at path: String) throws(StoreError) -> String {
        guard let string = value.string else {
            throw fault(path, "is \(value.typeName) and should be a string")
        }
        return string
    }

    private func optionalString(_ value: JSON?, at path: String) throws(StoreError) -> String? {
        guard let value, !value.isNull else { return nil }
        return try string(value, at: path)
    }

    private func natural(_ value: JSON, at path: String) throws(StoreError) -> UInt64 {
        guard let integer = value.integer, integer >= 0 else {
            throw fault(path, "is \(value) and should be an integer from 0")
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

// MARK: - Writing

/// The members that we read and write ourselves.
private enum StateKeys {
    static let entry = [
        "ID", "LogicalID", "Tags", "Device", "Phase", "Step", "Spec", "ClaimedAt", "Failure",
        "Version",
    ]
    static let mark = ["LastLogicalID", "ReleaseOrder", "Cordon", "Version"]
}

extension StateDocument {
    /// The head of the file, up to the first instance.
    static func head(
        sequence: UInt64, marks: some Sequence<(name: String, mark: JSON)>, others: JSONObject
    ) -> [UInt8] {
        var provider: JSONObject = [
            "Format": .integer(format), "Sequence": JSON(sequence),
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
        entry["Version"] = JSON(record.version)
        return .object(entry)
    }
}
