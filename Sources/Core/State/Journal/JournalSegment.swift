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

/// Walks through a segment's bytes.
private struct JournalReader {
    let bytes: [UInt8]
    var position: Int
    let seed: UInt64

    mutating func lines(from first: UInt64) -> [JournalLine] {
        var lines: [JournalLine] = []
        while let (line, next) = line(at: position), line.number == first + UInt64(lines.count) {
            lines.append(line)
            position = next
        }
        return lines
    }

    func rest(next: UInt64) -> JournalSegment.Rest {
        guard let last = bytes[min(position, bytes.count)...].lastIndex(where: { $0 != 0 }) else {
            return .nothing
        }
        var whole: [JournalLine] = []
        var proven: UInt64 = 0
        var place = position
        while place <= last {
            // Pages that never came to the disk read as zeros.
            while bytes[place] == 0 { place += 1 }
            let end = bytes[place...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            // Where a line feed is damaged, a whole line follows without one before it.
            if let (line, next) = (place..<end).lazy.compactMap(line(at:)).first {
                whole.append(line)
                proven = max(proven, line.durable)
                place = next
            } else {
                place = end + 1
            }
        }
        // A crash doesn't damage the first line, nor does it move a line.
        if let first = whole.first, first.number <= next || next == 0 {
            return .damaged(.init(missing: max(1, next)...max(1, next), whole: whole))
        }
        guard proven >= next, next > 0 else { return .torn(last + 1 - position) }
        return .damaged(.init(missing: next...proven, whole: whole))
    }

    private func line(at start: Int) -> (JournalLine, next: Int)? {
        // Most places where no line begins are told by this alone.
        guard start + 16 < bytes.count, bytes[start + 16] == UInt8(ascii: " "),
            Hexadecimal.value(bytes[start..<(start + 16)]) != nil,
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")),
            let line = JournalLine(parsing: bytes[start..<end], seed: seed)
        else { return nil }
        return (line, end + 1)
    }
}
