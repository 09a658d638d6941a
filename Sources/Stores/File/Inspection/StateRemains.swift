internal import Core
internal import Foundation

/// What is sound in a JSON file of whatever layout, and what is wrong with the rest.
struct StateRemains {
    private(set) var document = StateDocument(format: 1)
    /// What is lost, each with its place and what it was, as far as that can be told.
    private(set) var lost: [String] = []

    private let file: String
    private let bytes: [UInt8]
    private let reader: StateReader
    private var records: [RecordKey: DeviceRecord] = [:]
    private var instances: [String: RecordKey] = [:]
    private var order: Int64 = 0

    init(_ bytes: [UInt8], file: String) {
        self.file = file
        self.bytes = bytes
        reader = StateReader(file: file)
        if let root = try? JSON(parsing: bytes, maximumDepth: StateDocument.maximumDepth) {
            read(root)
        } else {
            readPieces()
        }
        document.records = records.values.compactMap(\.kept)
    }

    // MARK: A file that is JSON

    private mutating func read(_ root: JSON) {
        readHead(root)
        for (array, isFailed) in [("Instances", false), ("NonFunctional", true)] {
            order = 0
            guard let entries = root[array]?.array else {
                if let other = root[array] { lose(array, "is \(other.typeName)") }
                continue
            }
            for (index, entry) in entries.enumerated() {
                take(entry, isFailed: isFailed, place: "\(array)[\(index)]")
            }
        }
        guard let devices = root["Provider"]?["Devices"] else { return }
        guard let marks = devices.object else {
            return lose("Provider.Devices", "is \(devices.typeName)")
        }
        for (name, mark) in marks { take(mark, of: name, place: "Provider.Devices.\(name)") }
    }

    private mutating func readHead(_ root: JSON) {
        do throws(StoreError) {
            document = try reader.head(root)
        } catch {
            lost.append("\(error)")
            // What the file says of the journal may be sound without the rest.
            guard let provider = root["Provider"]?.object else { return }
            for name in ["Sequence", "Journal", "Format"] {
                guard let value = provider[name],
                    let head = try? reader.head(["Provider": [name: value]])
                else { continue }
                switch name {
                case "Sequence": document.sequence = head.sequence
                case "Journal": document.journal = head.journal
                default: document.format = head.format
                }
            }
        }
    }

    // MARK: Elements

    private mutating func take(_ entry: JSON, isFailed: Bool?, place: String) {
        do throws(StoreError) {
            let record = try reader.entry(
                try reader.object(entry, at: place), at: place, order: order, isFailed: isFailed)
            order = (record.claim?.order ?? order) + 1
            if let id = record.claim?.id, let other = instances[id], other != record.key {
                return lose(place, "instance \(id) stands in the file twice: the first is saved")
            }
            if let present = records[record.key]?.claim, let id = record.claim?.id {
                return lose(
                    place,
                    "\(record.key.text) is claimed twice: instance \(present.id) is saved, \(id) is not"
                )
            }
            if let id = record.claim?.id { instances[id] = record.key }
            records[record.key] = merged(record)
        } catch {
            lose(place, Self.reason(error, file), of: Self.name(entry))
        }
    }

    /// A record with what its mark said already.
    private func merged(_ record: DeviceRecord) -> DeviceRecord {
        guard let mark = records[record.key] else { return record }
        var record = record
        record.lastCarrier = mark.lastCarrier
        record.cordon = mark.cordon
        record.releaseOrder = mark.releaseOrder
        record.unconfirmedOn = mark.unconfirmedOn
        record.revision = max(record.revision, mark.revision)
        for (name, value) in mark.others { record.others[name] = value }
        return record
    }

    private mutating func take(_ mark: JSON, of name: String, place: String) {
        let key = RecordKey.device(name)
        var record = records[key] ?? DeviceRecord(key: key)
        do throws(StoreError) {
            try reader.apply(try reader.object(mark, at: place), to: &record, at: place)
            records[key] = record
        } catch {
            lose(place, Self.reason(error, file), of: "what is kept of device \(name)")
        }
    }

    private mutating func lose(_ place: String, _ reason: String, of what: String? = nil) {
        lost.append("\(file): \(place): \(what.map { "\($0) is lost: " } ?? "")\(reason)")
    }

    private static func name(_ entry: JSON) -> String {
        [
            entry["ID"]?.string.map { "instance \($0)" } ?? "an instance",
            entry["Device"]?.string.map { "on device \($0)" },
        ].compactMap(\.self).joined(separator: " ")
    }

    /// What an error says beside the file and what to do.
    private static func reason(_ error: StoreError, _ file: String) -> String {
        var text = "\(error)"
        if let advice = text.range(of: "; " + StateLoader.advice(file)) {
            text = String(text[..<advice.lowerBound])
        }
        return text.hasPrefix("\(file): ") ? String(text.dropFirst(file.count + 2)) : text
    }

    // MARK: A file that is none

    private mutating func readPieces() {
        let instances = StateText.find("Instances", "[", in: bytes)
        let failed = StateText.find("NonFunctional", "[", in: bytes, from: instances ?? 0)
        let devices = StateText.find("Devices", "{", in: bytes)
        readDamagedHead(end: devices)
        let arrays = [(instances, false), (failed, true)].compactMap { start, isFailed in
            start.map { (start: $0, isFailed: isFailed) }
        }
        if let devices {
            walk(devices, arrays.first { $0.start > devices }?.start ?? bytes.count, isFailed: nil)
        }
        for (index, array) in arrays.enumerated() {
            order = 0
            let end = index + 1 < arrays.count ? arrays[index + 1].start : bytes.count
            walk(array.start, end, isFailed: array.isFailed)
        }
        // Nothing says what belongs where.
        if devices == nil, arrays.isEmpty { walk(0, bytes.count, isFailed: false) }
    }

    private mutating func readDamagedHead(end devices: Int?) {
        guard let start = StateText.find("Provider", "{", in: bytes) else { return }
        var head: JSON?
        if let end = StateText.objectEnd(bytes, from: start - 1, limit: bytes.count) {
            head = Self.parse(bytes[(start - 1)..<end])
        }
        if head == nil, let devices, devices > start {
            // Without its last member, which is open yet.
            let text = bytes[(start - 1)..<devices]
            if let comma = text.lastIndex(of: UInt8(ascii: ",")) {
                head = Self.parse(bytes[(start - 1)..<comma] + [UInt8(ascii: "}")])
            }
        }
        guard var provider = head?.object else {
            lost.append("\(file): Provider: what the file says of the journal is lost")
            return
        }
        provider["Devices"] = nil
        readHead(["Provider": .object(provider)])
    }

    /// Reads the elements between two places.
    /// - Parameter isFailed: of which array; nil for the marks of devices.
    private mutating func walk(_ start: Int, _ end: Int, isFailed: Bool?) {
        var place = start
        var damage: Int?
        while place < end {
            guard let open = next(from: place, end, isFailed) else { break }
            if let element = element(at: open.value, end),
                isFailed == nil
                    ? open.name != nil && Self.isMark(element.json)
                    : damage == nil || Self.isEntry(element.json)
            {
                noteDamage(&damage, until: open.start)
                if let name = open.name {
                    take(element.json, of: name, place: position(open.start))
                } else {
                    take(element.json, isFailed: isFailed, place: position(open.start))
                }
                place = element.end
            } else {
                damage = damage ?? open.start
                place = open.value + 1
            }
        }
        noteDamage(&damage, until: end)
    }

    private struct Opening {
        let start: Int
        let value: Int
        var name: String?
    }

    /// The next place at which an element may begin.
    private func next(from place: Int, _ end: Int, _ isFailed: Bool?) -> Opening? {
        guard let brace = bytes[place..<end].firstIndex(of: UInt8(ascii: "{")) else { return nil }
        guard isFailed == nil else { return Opening(start: brace, value: brace) }
        // `"name":` stands before it.
        var text = bytes[place..<brace]
        func drop(_ byte: Unicode.Scalar) -> Bool {
            while let last = text.last, last <= 0x20 { text.removeLast() }
            guard text.last == UInt8(ascii: byte) else { return false }
            text.removeLast()
            return true
        }
        guard drop(":"), drop("\""), let quote = text.lastIndex(of: UInt8(ascii: "\"")) else {
            return Opening(start: brace, value: brace)
        }
        return Opening(
            start: quote, value: brace,
            name: String(decoding: text[(quote + 1)...], as: UTF8.self))
    }

    private func element(at start: Int, _ limit: Int) -> (json: JSON, end: Int)? {
        guard let end = StateText.objectEnd(bytes, from: start, limit: limit),
            let json = Self.parse(bytes[start..<end])
        else { return nil }
        return (json, end)
    }

    /// Whether an object that stands behind damage is an instance, and not part of one: an attachment
    /// has an ID as well.
    private static func isEntry(_ json: JSON) -> Bool {
        json["ID"]?.string != nil
            && (json["Tags"] != nil || json["LogicalID"] != nil || json["Spec"] != nil)
    }

    /// Whether an object is what is kept of a device, and not part of that.
    private static func isMark(_ json: JSON) -> Bool {
        ["LastCarrier", "LastLogicalID", "ReleaseOrder", "Cordon", "Machine"].contains {
            json[$0] != nil
        }
    }

    private mutating func noteDamage(_ damage: inout Int?, until end: Int) {
        guard let start = damage else { return }
        let text = Array(bytes[start..<end])
        let id = StateText.string("ID", in: text).map { "instance \($0)" }
        let device = StateText.string("Device", in: text).map { "on device \($0)" }
        let what = [id ?? "an element", device].compactMap(\.self).joined(separator: " ")
        lose(position(start), "\(text.count) bytes are no JSON", of: what)
        damage = nil
    }

    private func position(_ place: Int) -> String {
        "line \(StateText.line(bytes, at: place)), byte \(place)"
    }

    private static func parse(_ text: some Sequence<UInt8>) -> JSON? {
        try? JSON(parsing: text, maximumDepth: StateDocument.maximumDepth)
    }
}
