/// Finds secrets in what others wrote, in every usual encoding: as they are, percent-encoded, as
/// base64 wherever it begins, hexadecimal, escaped for JSON or HTML, in UTF-16, and several of these
/// upon each other.
///
/// Made once for a set of secrets and kept: it takes less than 2 KiB for two. Where nothing is found, a text
/// costs about a nanosecond a byte.
public struct SecretSearch: Sendable {
    /// A secret of fewer bytes is part of everyday words, and not searched for.
    public static let shortest = SecretSpelling.shortest

    private static let escape: UInt8 = 0x80

    private let secrets: [[UInt8]]
    /// For each byte, at which of the first four places of a spelling it stands, as bits; and
    /// ``escape`` for one that may begin an escape.
    private let places: [UInt8]
    /// The first four bytes of each spelling, sorted.
    private let starts: [UInt32]

    /// - Parameter secrets: those of fewer than ``shortest`` bytes are left out.
    public init(_ secrets: [Secret]) {
        self.secrets = Set(secrets.map { $0.revealBytes() }).filter { $0.count >= Self.shortest }
            .sorted { $0.lexicographicallyPrecedes($1) }
        var places = [UInt8](repeating: 0, count: self.secrets.isEmpty ? 0 : 256)
        var starts: Set<UInt32> = []
        for spelling in self.secrets.flatMap(SecretSpelling.all) {
            for (place, byte) in spelling.bytes.prefix(4).enumerated() {
                places[Int(byte)] |= 1 << place
                if 0x61...0x7A ~= byte { places[Int(byte) - 0x20] |= 1 << place }
            }
            starts.insert(Self.start(spelling.bytes, 0))
        }
        for byte in places.indices where UnescapedBytes.mayEscape(UInt8(byte)) {
            places[byte] |= Self.escape
        }
        self.places = places
        self.starts = starts.sorted()
    }

    /// Whether nothing is searched for.
    public var isEmpty: Bool { secrets.isEmpty }

    /// Whether a secret occurs in the text.
    public func occurs(in text: String) -> Bool {
        mayOccur(in: text) && !ranges(in: Array(text.utf8)).isEmpty
    }

    /// The text with `mark` for each secret; for the whole text where it can't be told from the rest.
    public func replaced(in text: String, with mark: String) -> String {
        guard mayOccur(in: text) else { return text }
        let bytes = Array(text.utf8)
        let found = ranges(in: bytes)
        guard !found.isEmpty else { return text }
        var result: [UInt8] = []
        var copied = 0
        for range in found {
            result += bytes[copied..<range.lowerBound] + Array(mark.utf8)
            copied = range.upperBound
        }
        result += bytes[copied...]
        // What stood around a secret may be one now.
        return ranges(in: result).isEmpty ? String(decoding: result, as: UTF8.self) : mark
    }

    /// Whether it is worth to look closely, at the price of one look at each byte.
    private func mayOccur(in text: String) -> Bool {
        guard !secrets.isEmpty else { return false }
        return text.utf8.withContiguousStorageIfAvailable(mayOccur)
            ?? Array(text.utf8).withUnsafeBufferPointer(mayOccur)
    }

    private func mayOccur(in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes.count >= Self.shortest else { return false }
        return places.withUnsafeBufferPointer { places in
            // The bits of the byte before, two and three before, each where it would be a spelling's.
            var run: UInt8 = 0
            for index in bytes.indices {
                let place = places[Int(bytes[index])]
                if place & Self.escape != 0 { return true }
                run = (run << 1 | 1) & place
                if run & 8 != 0, isStart(bytes, index - 3) { return true }
            }
            return false
        }
    }

    /// Whether the four bytes from a place begin a spelling.
    private func isStart(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        let fold = SecretSpelling.folded
        let start =
            UInt32(fold(bytes[index])) << 24 | UInt32(fold(bytes[index + 1])) << 16
            | UInt32(fold(bytes[index + 2])) << 8 | UInt32(fold(bytes[index + 3]))
        var (low, high) = (0, starts.count)
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] < start { low = middle + 1 } else { high = middle }
        }
        return low < starts.count && starts[low] == start
    }

    /// Where spellings begin, perhaps.
    private func starts(in bytes: UnsafeBufferPointer<UInt8>) -> [Int] {
        places.withUnsafeBufferPointer { places in
            var found: [Int] = []
            var run: UInt8 = 0
            for index in bytes.indices {
                run = (run << 1 | 1) & places[Int(bytes[index])]
                if run & 8 != 0, isStart(bytes, index - 3) { found.append(index - 3) }
            }
            return found
        }
    }

    private static func start(_ bytes: [UInt8], _ index: Int) -> UInt32 {
        bytes[index..<index + 4].reduce(0) { $0 << 8 | UInt32(SecretSpelling.folded($1)) }
    }

    /// Where secrets are, in order and apart from each other.
    private func ranges(in bytes: [UInt8]) -> [Range<Int>] {
        var spellings: [UInt32: [SecretSpelling]]?
        var found: [Range<Int>] = []
        for view in UnescapedBytes.views(of: bytes) where view.bytes.count >= Self.shortest {
            let starts = view.bytes.withUnsafeBufferPointer(starts)
            guard !starts.isEmpty else { continue }
            let known = spellings ?? allSpellings
            spellings = known
            for start in starts {
                guard let range = Self.longest(known, in: view.bytes, at: start) else { continue }
                found.append(view.origins[range.lowerBound]..<view.origins[range.upperBound])
            }
        }
        return Self.merged(found)
    }

    /// By the first four bytes, the longest first.
    private var allSpellings: [UInt32: [SecretSpelling]] {
        Dictionary(grouping: secrets.flatMap(SecretSpelling.all)) { Self.start($0.bytes, 0) }
            .mapValues { $0.sorted { $0.bytes.count > $1.bytes.count } }
    }

    private static func longest(
        _ spellings: [UInt32: [SecretSpelling]], in bytes: [UInt8], at start: Int
    ) -> Range<Int>? {
        let match = spellings[Self.start(bytes, start)]?.first { spelling in
            bytes[start...].lazy.map(SecretSpelling.folded).starts(with: spelling.bytes)
        }
        guard let match else { return nil }
        var range = start..<start + match.bytes.count
        guard match.isBase64 else { return range }
        // Its neighbours hold bits of the secret, or the user name that goes with it.
        let digit = SecretSpelling.isBase64Digit
        while range.lowerBound > 0, digit(bytes[range.lowerBound - 1]) {
            range = range.lowerBound - 1..<range.upperBound
        }
        while range.upperBound < bytes.count, digit(bytes[range.upperBound]) {
            range = range.lowerBound..<range.upperBound + 1
        }
        return range
    }

    private static func merged(_ ranges: [Range<Int>]) -> [Range<Int>] {
        var merged: [Range<Int>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) where !range.isEmpty {
            if let last = merged.last, range.lowerBound <= last.upperBound {
                merged[merged.count - 1] =
                    last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        return merged
    }
}
