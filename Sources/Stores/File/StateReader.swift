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
        var document = try head(root)
        let provider = try object(root["Provider"] ?? [:], at: "Provider")
        for (name, value) in try object(provider["Devices"] ?? [:], at: "Provider.Devices") {
            marks[name] = try object(value, at: "Provider.Devices.\(name)")
        }
        instanceIDs.reserveCapacity(entryCount)
        claimed.reserveCapacity(entryCount)
        document.records.reserveCapacity(entryCount)
        return document
    }

    /// Reads what a file says of itself.
    func head(_ root: JSON) throws(StoreError) -> StateDocument {
        let root = try object(root, at: "the file")
        let provider = try object(root["Provider"] ?? [:], at: "Provider")
        var document = StateDocument(format: 1)
        if let format = provider["Format"] {
            guard let number = format.integer, StateDocument.readFormats.contains(number) else {
                throw fault(
                    "Provider.Format",
                    "is \(format), this release reads \(StateDocument.readFormats.lowerBound) to"
                        + " \(StateDocument.readFormats.upperBound)")
            }
            document.format = number
        }
        document.sequence =
            try provider["Sequence"].map { value throws(StoreError) in
                try natural(value, at: "Provider.Sequence")
            } ?? 0
        document.journal = try journal(provider["Journal"])
        document.others = StateOthers(
            root: root.members(except: StateKeys.root),
            provider: provider.members(except: StateKeys.provider))
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
        try setRevision(&record, at: path, document)
        document.records.append(record)
    }

    /// Adds the devices that are in no array.
    mutating func addMarks(to document: inout StateDocument) throws(StoreError) {
        for (name, mark) in marks {
            let path = "Provider.Devices.\(name)"
            var record = DeviceRecord(key: .device(name))
            try apply(mark, to: &record, at: path)
            try setRevision(&record, at: path, document)
            if let record = record.kept { document.records.append(record) }
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

    // What another program added without one was there when the file was written.
    private func setRevision(
        _ record: inout DeviceRecord, at path: String, _ document: StateDocument
    ) throws(StoreError) {
        let change = document.journal?.change
        if record.revision == 0 { record.revision = max(1, change ?? 1) }
        // Changes would get numbers that records have already.
        if document.format == StateDocument.format, let change, record.revision > max(1, change) {
            throw fault(
                "\(path).Revision",
                "is \(record.revision), and the file's last change is \(change)")
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
}
