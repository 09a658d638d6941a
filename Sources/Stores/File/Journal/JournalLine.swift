internal import Core

/// One change as a line of a journal's segment:
///
/// ```
/// 0f3a…9c 57 56 31 {"Device":"r1u07","Replaces":3,"Version":4,…}
/// ```
///
/// its checksum, its number, the number of the last change that was durable when it was written, the
/// highest sequence number handed out, and the record that the change made; see ``StateChange``.
struct JournalLine: Sendable, Hashable {
    /// Counts the changes of a state, through all segments and over restarts, from 1.
    var number: UInt64
    /// All changes up to this number were durable before this one was written. So a line tells which
    /// lines before it can't be missing because a crash cut a write short.
    var durable: UInt64
    /// See ``Store/nextSequence()``.
    var sequence: UInt64
    /// JSON text without a line feed.
    var payload: ArraySlice<UInt8>

    /// Appends the line.
    /// - Parameter seed: of the segment's checksums; see ``JournalHeader/seed``.
    func encode(into bytes: inout [UInt8], seed: UInt64) {
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: Self.checksumLength))
        for value in [number, durable, sequence] {
            bytes.append(UInt8(ascii: " "))
            bytes.append(contentsOf: String(value).utf8)
        }
        bytes.append(UInt8(ascii: " "))
        bytes.append(contentsOf: payload)
        let sum = XXH64.hash(bytes[(start + Self.checksumLength + 1)...], seed: seed)
        bytes.replaceSubrange(start..<start + Self.checksumLength, with: Hexadecimal.text(sum))
        bytes.append(UInt8(ascii: "\n"))
    }

    /// Reads a line without its line feed; nil if it isn't whole.
    init?(parsing line: ArraySlice<UInt8>, seed: UInt64) {
        let textStart = line.startIndex + Self.checksumLength + 1
        guard textStart < line.endIndex, line[textStart - 1] == UInt8(ascii: " "),
            Hexadecimal.value(line[..<(textStart - 1)])
                == XXH64.hash(line[textStart...], seed: seed)
        else { return nil }
        var rest = line[textStart...]
        guard let number = Self.number(&rest), let durable = Self.number(&rest),
            let sequence = Self.number(&rest)
        else { return nil }
        self.number = number
        self.durable = durable
        self.sequence = sequence
        payload = rest
    }

    init(number: UInt64, durable: UInt64, sequence: UInt64, payload: ArraySlice<UInt8>) {
        self.number = number
        self.durable = durable
        self.sequence = sequence
        self.payload = payload
    }

    private static let checksumLength = 16

    private static func number(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
        guard let space = rest.firstIndex(of: UInt8(ascii: " ")) else { return nil }
        defer { rest = rest[(space + 1)...] }
        return UInt64(String(decoding: rest[..<space], as: UTF8.self))
            .flatMap { $0 <= StateKeys.highestNumber ? $0 : nil }
    }
}
