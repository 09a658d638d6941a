@testable internal import Core
@testable internal import StateFile

/// The files of a state as an input describes them: parts, each begun by a line that says what it is.
///
/// ```
/// %document
/// {"Provider":…}
/// %sealed 7
/// rackpool-journal 1 00000000000000ab 7 1 0000000000000000
/// 0000000000000000 1 0 1 {"Device":"r1u07",…}
/// %raw 8
/// …
/// ```
///
/// A sealed segment gets the right checksums, so that what is wrong in it comes to the code behind
/// them; a raw one is taken as it is.
struct FuzzedState {
    /// By path.
    private(set) var files: [String: [UInt8]] = [:]

    static let names = StateNames(document: "state/rackpool.json")

    init(_ input: [UInt8]) {
        var path: String?
        var isSealed = false
        var lines: [ArraySlice<UInt8>] = []
        for line in input.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            guard line.first == UInt8(ascii: "%") else {
                lines.append(line)
                continue
            }
            add(lines, at: path, isSealed: isSealed)
            lines = []
            let title = String(decoding: line, as: UTF8.self).split(separator: " ")
            isSealed = title.first == "%sealed"
            if title == ["%document"] {
                path = Self.names.document
            } else if title.count == 2, let number = UInt64(title[1]) {
                path = Self.names.segment(number)
            } else {
                path = nil
            }
        }
        add(lines, at: path, isSealed: isSealed)
    }

    private mutating func add(_ lines: [ArraySlice<UInt8>], at path: String?, isSealed: Bool) {
        guard let path else { return }
        let bytes = Array(
            (isSealed ? Self.sealed(lines) : lines).joined(separator: [UInt8(ascii: "\n")]))
        files[path] = bytes
    }

    private static func sealed(_ lines: [ArraySlice<UInt8>]) -> [ArraySlice<UInt8>] {
        guard let first = lines.first else { return lines }
        let words = first.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard words.count == 6, let identifier = Hexadecimal.value(words[2]),
            let number = UInt64(String(decoding: words[3], as: UTF8.self))
        else { return lines }
        let text = first[..<words[5].startIndex]
        let seed = JournalHeader.seed(identifier: identifier, segment: number)
        let header = text + Hexadecimal.text(XXH64.hash(text, seed: 0))
        return [header]
            + lines.dropFirst().map { line in
                guard line.count > 17 else { return line }
                let rest = line.dropFirst(16)
                return Hexadecimal.text(XXH64.hash(rest.dropFirst(), seed: seed))[...] + rest
            }
    }
}
