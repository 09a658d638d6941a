/// Replaces many words in texts at once: at each place the longest that begins there, whatever its
/// case. What was put in is not looked at again.
struct TextReplacer: Sendable {
    private struct Word: Sendable {
        let folded: [UInt8]
        let replacement: [UInt8]
        /// Whether it counts only where no letter or digit adjoins.
        let standsAlone: Bool
    }

    /// Shorter words are not replaced.
    static let shortest = 4

    private var words: [UInt32: [Word]] = [:]

    /// - Parameter replacements: by the word in lower case.
    init(_ replacements: [String: String]) {
        for (word, replacement) in replacements {
            let folded = Array(word.utf8).map(Self.fold)
            guard folded.count >= Self.shortest else { continue }
            let hasDigit = folded.contains { (0x30...0x39).contains($0) }
            let hasLetter = folded.contains { (0x61...0x7A).contains($0) }
            // A long mix of letters and digits is no part of anything else by chance.
            let standsAlone = !(hasDigit && hasLetter && folded.count >= 6)
            words[Self.start(folded, 0), default: []].append(
                Word(
                    folded: folded, replacement: Array(replacement.utf8), standsAlone: standsAlone))
        }
        words = words.mapValues { $0.sorted { $0.folded.count > $1.folded.count } }
    }

    func replaced(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard bytes.count >= Self.shortest else { return text }
        let folded = bytes.map(Self.fold)
        var result: [UInt8] = []
        var copied = 0
        var place = 0
        while place + Self.shortest <= folded.count {
            guard
                let word = words[Self.start(folded, place)]?
                    .first(where: { Self.matches($0, folded, place) })
            else {
                place += 1
                continue
            }
            result += bytes[copied..<place]
            let end = place + word.folded.count
            result += Self.cased(word.replacement, like: bytes[place..<end])
            place = end
            copied = end
        }
        if copied == 0 { return text }
        result += bytes[copied...]
        return String(decoding: result, as: UTF8.self)
    }

    private static func matches(_ word: Word, _ text: [UInt8], _ place: Int) -> Bool {
        let end = place + word.folded.count
        guard end <= text.count, text[place..<end].elementsEqual(word.folded) else { return false }
        guard word.standsAlone else { return true }
        return (place == 0 || !isWord(text[place - 1])) && (end == text.count || !isWord(text[end]))
    }

    /// Hexadecimal stand-ins take the case of what they replace.
    private static func cased(_ word: [UInt8], like original: ArraySlice<UInt8>) -> [UInt8] {
        let isHex = word.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
                || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "-")
        }
        guard isHex, original.contains(where: { (0x41...0x46).contains($0) }) else { return word }
        return word.map { (0x61...0x66).contains($0) ? $0 - 0x20 : $0 }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || byte >= 0x80
    }

    private static func fold(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte + 0x20 : byte
    }

    private static func start(_ bytes: [UInt8], _ place: Int) -> UInt32 {
        bytes[place..<place + shortest].reduce(0) { $0 << 8 | UInt32($1) }
    }
}
