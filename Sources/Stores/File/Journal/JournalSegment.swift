internal import Core

/// What the bytes of a journal's segment say.
struct JournalSegment: Sendable {
    /// Nil if there is no whole first line, which is damage: a segment gets its name later.
    let header: JournalHeader?
    /// The lines from the first on, up to the first that isn't whole; their numbers follow each other.
    let lines: [JournalLine]
    /// Where ``lines`` end.
    let end: Int
    /// What follows there.
    let rest: Rest

    /// Where the space begins that was allocated ahead; nil if nobody knows.
    var contentEnd: Int? {
        switch rest {
        case .nothing: end
        case .torn(let count): end + count
        case .damaged: nil
        }
    }

    enum Rest: Sendable, Hashable {
        /// Nothing, or space that was allocated ahead.
        case nothing
        /// So many bytes up to the last that isn't zero: a write that was cut short, which nobody was
        /// told of.
        case torn(Int)
        /// What was durable is not whole: a later line says so.
        case damaged(Damage)
    }

    struct Damage: Sendable, Hashable {
        /// The first change that is missing, and the last that is known to have been there.
        let missing: ClosedRange<UInt64>
        /// The lines behind that are whole.
        let whole: [JournalLine]
    }

    /// Reads a segment.
    /// - Parameters:
    ///   - identifier: the state's; lines behind a first line that isn't whole are known by it.
    ///   - number: the segment's number, as its name has it.
    init(parsing bytes: [UInt8], identifier: UInt64, number: UInt64) {
        let headerEnd = bytes.firstIndex(of: UInt8(ascii: "\n"))
        header = headerEnd.flatMap { JournalHeader(parsing: bytes[..<$0]) }
        var reader = JournalReader(
            bytes: bytes, position: header == nil ? 0 : (headerEnd ?? 0) + 1,
            seed: header?.seed ?? JournalHeader.seed(identifier: identifier, segment: number))
        if let first = header?.firstChange {
            lines = reader.lines(from: first)
            rest = reader.rest(next: first + UInt64(lines.count))
        } else {
            lines = []
            rest = reader.rest(next: 0)
        }
        end = reader.position
    }
}
