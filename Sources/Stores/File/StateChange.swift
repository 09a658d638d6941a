internal import Core

/// A change of one record, as the journal keeps it:
///
/// ```
/// {"Device":"r1u07","Replaces":3,"Version":4,"Entry":{"ID":"zzzzzzzy-r1u07",…},"Mark":{…}}
/// ```
///
/// `Entry` and `Mark` are what the JSON file has of the record; without either, the record is
/// removed. A record of an instance without a device has `Instance` in place of `Device`.
struct StateChange: Sendable, Hashable {
    /// The new content.
    let record: DeviceRecord
    /// The version that it replaces; 0 if there was none.
    let replaced: UInt64

    init(record: DeviceRecord, replaced: UInt64) {
        self.record = record
        self.replaced = replaced
    }

    /// The change as JSON text on one line.
    var payload: [UInt8] {
        var change: JSONObject = [:]
        switch record.key {
        case .device(let name): change["Device"] = .string(name)
        case .orphan(let id): change["Instance"] = .string(id)
        }
        change["Replaces"] = JSON(replaced)
        change["Version"] = JSON(record.version)
        if let claim = record.claim {
            change["Entry"] = StateDocument.entry(of: claim, record: record)
        }
        if let mark = StateDocument.mark(of: record) { change["Mark"] = mark }
        return JSON.object(change).encoded()
    }

    /// Reads what ``payload`` writes.
    /// - Parameter place: the file and where in it, for the error.
    /// - Throws: ``StoreError/unreadable(_:)``.
    init(
        parsing payload: ArraySlice<UInt8>, place: @autoclosure () -> String
    ) throws(StoreError) {
        if let change = StateChange(plain: payload) {
            self = change
        } else {
            try self.init(parsingWhole: payload, place: place())
        }
    }

    /// Reads a change in the form in which we write it; nil if it is in another.
    init?(plain payload: ArraySlice<UInt8>) {
        let change = payload.withUnsafeBufferPointer { bytes in
            var scanner = PlainScanner(bytes)
            return try? scanner.change()
        }
        guard let change else { return nil }
        self = change
    }

    /// Reads a change in whatever form.
    init(parsingWhole payload: ArraySlice<UInt8>, place: String) throws(StoreError) {
        let reader = StateReader(file: place)
        let root: JSON
        do {
            root = try JSON(parsing: payload, maximumDepth: StateDocument.maximumDepth)
        } catch {
            throw reader.fault("change", error.message)
        }
        let change = try reader.object(root, at: "change")
        let device = try reader.optionalString(change["Device"], at: "Device")
        let version = try reader.natural(change["Version"] ?? .null, at: "Version")
        var record: DeviceRecord
        if let entry = change["Entry"] {
            let entry = try reader.object(entry, at: "Entry")
            record = try reader.entry(
                entry, at: "Entry", order: 0, isFailed: entry["Failure"] != nil)
            record.version = version
        } else if let device {
            record = DeviceRecord(key: .device(device), version: version)
        } else {
            let id = try reader.string(change["Instance"] ?? .null, at: "Instance")
            record = DeviceRecord(key: .orphan(instance: id), version: version)
        }
        if let mark = change["Mark"] {
            try reader.apply(try reader.object(mark, at: "Mark"), to: &record, at: "Mark")
        }
        self.init(
            record: record,
            replaced: try reader.natural(change["Replaces"] ?? .null, at: "Replaces"))
    }
}
