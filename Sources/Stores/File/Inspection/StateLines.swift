internal import Core
internal import Foundation

/// Reads a JSON file that is damaged, line by line, in the form in which we write it.
struct StateLines {
    /// What the whole lines say.
    private(set) var document = StateDocument()
    /// What is lost with the others, and the number of the line.
    private(set) var lost: [(line: Int, text: String)] = []

    private enum Section {
        case head, marks, instances, nonFunctional
    }

    private var records: [RecordKey: DeviceRecord] = [:]
    private var section = Section.head
    private var order: Int64 = 0

    mutating func read(_ bytes: [UInt8]) {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let text = String(decoding: line.filter { $0 != 0 }, as: UTF8.self)
            if !readTitle(text), !text.isEmpty, !readElement(text) {
                lost.append((index + 1, "\(line.count) bytes are lost"))
            }
        }
        document.records = Array(records.values)
    }

    /// Reads a line that begins a part of the file.
    private mutating func readTitle(_ text: String) -> Bool {
        if text.hasPrefix(#"{"Provider":"#), let end = text.range(of: #","Devices":{"#) {
            section = .marks
            let head = String(text[..<end.lowerBound]) + "}}"
            guard let json = try? JSON(parsing: head, maximumDepth: StateDocument.maximumDepth)
            else { return false }
            var reader = StateReader(file: "")
            guard let parsed = try? reader.document(json) else { return false }
            document = parsed
            return true
        }
        if text.hasPrefix(#""Instances":["#) {
            section = .instances
            return true
        }
        if text.hasPrefix(#""NonFunctional":["#) {
            section = .nonFunctional
            return true
        }
        return text == "]," || text == "]}" || text == "}},"
    }

    private mutating func readElement(_ line: String) -> Bool {
        var text = Substring(line)
        if text.hasSuffix("}},"), section == .marks,
            take(String(text.dropLast(3)))
        {
            return true
        }
        if text.hasSuffix(",") { text = text.dropLast() }
        return take(String(text))
    }

    private mutating func take(_ text: String) -> Bool {
        let isMark = section == .marks || section == .head
        let json = try? JSON(
            parsing: isMark ? "{\(text)}" : text, maximumDepth: StateDocument.maximumDepth)
        guard let object = json?.object else { return false }
        let reader = StateReader(file: "")
        do throws(StoreError) {
            if isMark {
                for (name, mark) in object {
                    let key = RecordKey.device(name)
                    var record = records[key] ?? DeviceRecord(key: key, version: 1)
                    try reader.apply(try reader.object(mark, at: name), to: &record, at: name)
                    records[key] = record
                }
            } else {
                let entry = try reader.entry(
                    object, at: "", order: order, isFailed: section == .nonFunctional)
                order = (entry.claim?.order ?? order) + 1
                var record = records[entry.key] ?? entry
                record.claim = entry.claim
                record.version = max(record.version, entry.version)
                for (name, value) in entry.others { record.others[name] = value }
                records[entry.key] = record
            }
            return true
        } catch {
            return false
        }
    }
}
