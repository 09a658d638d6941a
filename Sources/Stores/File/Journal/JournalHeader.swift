internal import Core

/// The first line of a journal's segment:
///
/// ```
/// rackpool-journal 1 0f3a…9c 7 57 4be1…20
/// ```
///
/// the format's version, the state that the segment belongs to, the segment's number, the number of
/// its first change, and the line's checksum.
struct JournalHeader: Sendable, Hashable {
    /// Drawn when the state's journal was begun; the JSON file has it, too.
    var identifier: UInt64
    /// Counts the segments.
    var segment: UInt64
    /// The number of the first change that the segment has, or will have. What earlier segments have
    /// from this number on is not valid: it was never acknowledged.
    var firstChange: UInt64

    private static let title = "rackpool-journal 1"

    /// With what the checksums of the segment's lines begin, so that no line is valid elsewhere.
    var seed: UInt64 { Self.seed(identifier: identifier, segment: segment) }

    static func seed(identifier: UInt64, segment: UInt64) -> UInt64 {
        identifier &+ segment &* 0x9E37_79B9_7F4A_7C15
    }

    /// The line with its line feed.
    var encoded: [UInt8] {
        var bytes = Array("\(Self.title) ".utf8)
        bytes += Hexadecimal.text(identifier)
        bytes += Array(" \(segment) \(firstChange) ".utf8)
        bytes += Hexadecimal.text(XXH64.hash(bytes[...], seed: 0))
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    init(identifier: UInt64, segment: UInt64, firstChange: UInt64) {
        self.identifier = identifier
        self.segment = segment
        self.firstChange = firstChange
    }

    /// Reads a line without its line feed; nil if it isn't whole.
    init?(parsing line: ArraySlice<UInt8>) {
        let words = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard words.count == 6,
            let identifier = Hexadecimal.value(words[2]),
            let segment = UInt64(String(decoding: words[3], as: UTF8.self)),
            let firstChange = UInt64(String(decoding: words[4], as: UTF8.self)),
            segment <= StateKeys.highestNumber, 1...StateKeys.highestNumber ~= firstChange
        else { return nil }
        self.init(identifier: identifier, segment: segment, firstChange: firstChange)
        // Compares the title and the checksum, too.
        guard encoded.dropLast().elementsEqual(line) else { return nil }
    }
}
