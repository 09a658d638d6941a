internal import Core

/// Walks through a segment's bytes.
struct JournalReader {
    private let bytes: [UInt8]
    private let seed: UInt64
    /// How far the lines were read.
    private(set) var position: Int
    /// How many bytes were summed up so far, those that were no line's with them.
    private(set) var summed = 0

    init(bytes: [UInt8], position: Int, seed: UInt64) {
        self.bytes = bytes
        self.position = position
        self.seed = seed
    }

    /// The lines from here on, up to the first that isn't whole or has another number.
    mutating func lines(from first: UInt64) -> [JournalLine] {
        var lines: [JournalLine] = []
        while let end = lineFeed(from: position), let line = line(at: position, end),
            line.number == first + UInt64(lines.count)
        {
            lines.append(line)
            position = end + 1
        }
        return lines
    }

    /// What follows the lines.
    /// - Parameter next: the number of the change that is missing; 0 if nobody knows.
    mutating func rest(next: UInt64) -> JournalSegment.Rest {
        guard let last = bytes[min(position, bytes.count)...].lastIndex(where: { $0 != 0 }) else {
            return .nothing
        }
        var whole: [JournalLine] = []
        var proven: UInt64 = 0
        var place = position
        let limit = summed + Self.effort * (bytes.count - position)
        while place <= last {
            // Pages that never came to the disk read as zeros.
            while bytes[place] == 0 { place += 1 }
            // No line is whole without its line feed.
            guard let end = lineFeed(from: place) else { break }
            // Where a line feed is damaged, a whole line follows without one before it.
            while place < end {
                // What looks like so many lines and is none can't be told from damage any more.
                guard summed <= limit else {
                    return .damaged(.init(missing: max(1, next)...max(1, next), whole: whole))
                }
                if let line = line(at: place, end) {
                    whole.append(line)
                    proven = max(proven, line.durable)
                    break
                }
                place += 1
            }
            place = end + 1
        }
        // A crash doesn't damage the first line, nor does it move a line.
        if let first = whole.first, first.number <= next || next == 0 {
            return .damaged(.init(missing: max(1, next)...max(1, next), whole: whole))
        }
        guard proven >= next, next > 0 else { return .torn(last + 1 - position) }
        return .damaged(.init(missing: next...proven, whole: whole))
    }

    /// How many times as much as there is may be summed up. Every place in a long line could be the
    /// start of another one, whose sum takes all that follows: without a limit, the square of its
    /// length. What we write has hardly ever a place that looks like one.
    private static let effort = 16

    private func lineFeed(from place: Int) -> Int? {
        bytes[min(place, bytes.count)...].firstIndex(of: UInt8(ascii: "\n"))
    }

    private mutating func line(at start: Int, _ end: Int) -> JournalLine? {
        // Most places where no line begins are told by this alone.
        guard start + 16 < end, bytes[start + 16] == UInt8(ascii: " "),
            Hexadecimal.value(bytes[start..<(start + 16)]) != nil
        else { return nil }
        summed += end - start
        return JournalLine(parsing: bytes[start..<end], seed: seed)
    }
}
