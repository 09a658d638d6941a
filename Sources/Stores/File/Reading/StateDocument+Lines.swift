internal import Core
internal import Foundation

extension StateDocument {
    /// Reads a file in the form in which we write it, its lines on all processors.
    /// - Returns: nil if the file is in another form, or makes no sense; then it must be read as a
    ///   whole, which tells what is wrong and where.
    init?(linesOf bytes: [UInt8], file: String) {
        // No string has a line feed in it, for JSON wants those escaped: a line is whole tokens.
        guard let lines = DocumentLines(bytes) else { return nil }
        let pieces = Parallel.map(0..<lines.entries.count, smallest: 256) { piece in
            Self.records(bytes, lines.entries[piece], firstNonFunctional: lines.firstNonFunctional)
        }
        var reader = StateReader(file: file)
        do throws(StoreError) {
            let head = try JSON(reading: lines.head)
            try StateRecognition(file: file).check(head)
            self = try reader.document(head, entryCount: lines.entries.count)
            for piece in pieces {
                guard let piece else { return nil }
                for record in piece { try reader.add(record, at: "", to: &self) }
            }
            try reader.addMarks(to: &self)
        } catch {
            return nil
        }
    }

    private static func records(
        _ bytes: [UInt8], _ lines: ArraySlice<Range<Int>>, firstNonFunctional: Int
    ) -> [DeviceRecord]? {
        bytes.withUnsafeBufferPointer { bytes in
            var records: [DeviceRecord] = []
            records.reserveCapacity(lines.count)
            for line in lines {
                let text = UnsafeBufferPointer(rebasing: bytes[line])
                let isFailed = line.lowerBound >= firstNonFunctional
                guard
                    let record = plainRecord(text, isFailed: isFailed)
                        ?? wholeRecord(text, isFailed: isFailed)
                else { return nil }
                records.append(record)
            }
            return records
        }
    }

    private static func plainRecord(
        _ text: UnsafeBufferPointer<UInt8>, isFailed: Bool
    ) -> DeviceRecord? {
        var scanner = PlainScanner(text)
        guard let record = try? scanner.entry(), scanner.isAtEnd,
            record.claim?.state.isDescribed == !isFailed
        else { return nil }
        return record
    }

    /// Reads a line that is none of ours, such as one with members in it that another program added:
    /// the others are read plainly all the same.
    private static func wholeRecord(
        _ text: UnsafeBufferPointer<UInt8>, isFailed: Bool
    ) -> DeviceRecord? {
        // It is two levels down in the file.
        guard let json = try? JSON(parsing: text, maximumDepth: maximumDepth - 2),
            let entry = json.object, entry["Order"] != nil
        else { return nil }
        return try? StateReader(file: "").entry(entry, at: "", order: 0, isFailed: isFailed)
    }
}

extension JSON {
    /// Reads what was made up from a state's lines; its places mean nothing to anybody.
    fileprivate init(reading bytes: [UInt8]) throws(StoreError) {
        do {
            try self.init(parsing: bytes, maximumDepth: StateDocument.maximumDepth)
        } catch {
            throw .unreadable(error.message)
        }
    }
}

/// Where the parts of a state file are.
private struct DocumentLines {
    /// The file as if it had no instances.
    var head: [UInt8]
    /// Where the elements of both arrays are, without what parts them.
    var entries: [Range<Int>] = []
    /// Where the second array begins.
    var firstNonFunctional = 0

    private static let instances = Array(#""Instances":["#.utf8)
    private static let nonFunctional = Array(#""NonFunctional":["#.utf8)

    init?(_ bytes: [UInt8]) {
        var lines = Lines(bytes)
        head = []
        while true {
            guard let line = lines.next() else { return nil }
            if bytes[line].starts(with: Self.instances) {
                head =
                    bytes[..<line.lowerBound] + Self.instances + Array("],".utf8)
                    + Self.nonFunctional + Array("]}".utf8)
                guard readArray(line, Self.instances, end: "],", bytes, &lines) else { return nil }
                break
            }
        }
        guard let title = lines.next() else { return nil }
        firstNonFunctional = title.lowerBound
        guard readArray(title, Self.nonFunctional, end: "]}", bytes, &lines), lines.next() == nil
        else { return nil }
    }

    /// Reads the lines up to the array's end.
    /// - Returns: whether they are what we write.
    private mutating func readArray(
        _ title: Range<Int>, _ name: [UInt8], end: String, _ bytes: [UInt8], _ lines: inout Lines
    ) -> Bool {
        if bytes[title].elementsEqual(name + Array(end.utf8)) { return true }
        guard bytes[title].elementsEqual(name) else { return false }
        while let line = lines.next(), let last = bytes[line].last {
            if last == UInt8(ascii: ",") {
                entries.append(line.lowerBound..<line.upperBound - 1)
                continue
            }
            entries.append(line)
            return lines.next().map { bytes[$0].elementsEqual(end.utf8) } ?? false
        }
        return false
    }
}

/// The lines of a text that ends with a line feed; nothing may follow it.
private struct Lines {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Where the next line is, without its line feed.
    mutating func next() -> Range<Int>? {
        let start = position
        let end: Int? = bytes.withUnsafeBytes { raw in
            guard let base = raw.baseAddress,
                let found = memchr(base + start, 0x0A, raw.count - start)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
        guard let end else {
            // What follows the last line feed is a line that nobody expects.
            position = bytes.count
            return start < bytes.count ? start..<bytes.count : nil
        }
        position = end + 1
        return start..<end
    }
}
