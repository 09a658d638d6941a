internal import Core

/// A change of some records, all or none, as the journal keeps it:
///
/// ```
/// {"Device":"r1u07","Replaces":3,"Entry":{"ID":"zzzzzzzy-r1u07",…},"Mark":{…}}
/// ```
///
/// `Entry` and `Mark` are what the JSON file has of the record; without either, the record is
/// removed. A record of an instance without a device has `Instance` in place of `Device`. Several
/// stand in a list: `{"Changes":[{…},{…}]}`; it has none where only the sequence was raised. The
/// number of the change is the records' revision; in a journal of format 2, `Version` is.
struct StateChange: Sendable, Hashable {
    /// The new content of a record.
    struct Put: Sendable, Hashable {
        /// Its revision is the one that is replaced; 0 if there was no record.
        let record: DeviceRecord
        /// The revision that the record gets; nil for the change's number.
        var version: UInt64?

        /// What is stored, if the change has a number; a blank record is removed.
        func record(at number: UInt64) -> DeviceRecord {
            var record = record
            record.revision = version ?? number
            return record
        }
    }

    let puts: [Put]

    init(_ puts: [Put]) {
        self.puts = puts
    }

    init(writing records: [DeviceRecord]) {
        puts = records.map { record in
            Put(record: record.kept ?? DeviceRecord(key: record.key, revision: record.revision))
        }
    }

    /// The change as JSON text on one line.
    var payload: [UInt8] {
        var writer = PlainWriter()
        if puts.count == 1, let put = puts.first {
            writer.put(put)
            return writer.bytes
        }
        writer.raw(#"{"Changes":["#)
        for (index, put) in puts.enumerated() {
            if index > 0 { writer.raw(",") }
            writer.put(put)
        }
        writer.raw("]}")
        return writer.bytes
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
        guard let list = change["Changes"] else {
            puts = [try Self.put(change, at: "", reader)]
            return
        }
        var puts: [Put] = []
        for (index, one) in try reader.list(list, at: "Changes").enumerated() {
            let path = "Changes[\(index)]"
            puts.append(try Self.put(try reader.object(one, at: path), at: path + ".", reader))
        }
        self.puts = puts
    }

    private static func put(
        _ change: JSONObject, at path: String, _ reader: StateReader
    ) throws(StoreError) -> Put {
        let device = try reader.optionalString(change["Device"], at: "\(path)Device")
        let version = try change["Version"].map { value throws(StoreError) in
            try reader.natural(value, at: "\(path)Version")
        }
        let replaced = try reader.natural(change["Replaces"] ?? .null, at: "\(path)Replaces")
        var record: DeviceRecord
        if let entry = change["Entry"] {
            record = try reader.entry(
                try reader.object(entry, at: "\(path)Entry"), at: "\(path)Entry", order: 0,
                isFailed: nil)
        } else if let device {
            record = DeviceRecord(key: .device(device))
        } else {
            let id = try reader.string(change["Instance"] ?? .null, at: "\(path)Instance")
            record = DeviceRecord(key: .orphan(instance: id))
        }
        if let mark = change["Mark"] {
            try reader.apply(
                try reader.object(mark, at: "\(path)Mark"), to: &record, at: "\(path)Mark")
        }
        record.revision = replaced
        return Put(record: record, version: version)
    }
}
