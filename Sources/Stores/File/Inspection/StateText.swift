internal import Core

/// Finds its way in a state file's text where it is no JSON any more.
enum StateText {
    /// Where the value of a member begins, or what stands in it: behind `"name": [`.
    /// - Parameter opener: with what the value begins; nil for any.
    static func find(
        _ name: String, _ opener: Unicode.Scalar?, in bytes: [UInt8], from start: Int = 0
    ) -> Int? {
        let title = Array("\"\(name)\"".utf8)
        var place = start
        while place + title.count <= bytes.count {
            guard let quote = bytes[place...].firstIndex(of: title[0]),
                quote + title.count <= bytes.count
            else { return nil }
            place = quote + 1
            // A quotation mark behind a reverse solidus stands in a string.
            guard bytes[quote..<(quote + title.count)].elementsEqual(title),
                quote == 0 || bytes[quote - 1] != UInt8(ascii: "\\")
            else { continue }
            var end = skipSpace(bytes, from: quote + title.count)
            guard end < bytes.count, bytes[end] == UInt8(ascii: ":") else { continue }
            end = skipSpace(bytes, from: end + 1)
            guard let opener else { return end }
            if end < bytes.count, bytes[end] == UInt8(ascii: opener) { return end + 1 }
        }
        return nil
    }

    static func skipSpace(_ bytes: [UInt8], from start: Int) -> Int {
        var place = start
        while place < bytes.count, [0, 9, 10, 13, 32].contains(bytes[place]) { place += 1 }
        return place
    }

    /// Where an object that begins at a place ends, strings minded; nil if it doesn't before `limit`.
    static func objectEnd(_ bytes: [UInt8], from start: Int, limit: Int) -> Int? {
        var depth = 0
        var inString = false
        var place = start
        while place < limit {
            switch bytes[place] {
            case UInt8(ascii: "\\") where inString: place += 1
            case UInt8(ascii: "\""): inString.toggle()
            // None is in a string as such (RFC 8259, section 7): a quotation mark is missing.
            case 0..<0x20 where inString: return nil
            case UInt8(ascii: "{") where !inString: depth += 1
            case UInt8(ascii: "}") where !inString:
                depth -= 1
                if depth == 0 { return place + 1 }
            default: break
            }
            place += 1
        }
        return nil
    }

    /// The string that a member has, as far as a text that is no JSON tells.
    static func string(_ name: String, in bytes: [UInt8]) -> String? {
        guard let start = find(name, "\"", in: bytes),
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\""))
        else { return nil }
        return String(decoding: bytes[start..<end].prefix(200), as: UTF8.self)
    }

    /// The number of the line that a place is in, from 1.
    static func line(_ bytes: [UInt8], at place: Int) -> Int {
        bytes[..<min(place, bytes.count)].count { $0 == UInt8(ascii: "\n") } + 1
    }
}
