internal import Core
internal import Foundation
internal import HTTPClient

extension HTTPResponse {
    /// Why a body is no JSON.
    struct BodyFault: Error {
        let message: String
    }

    /// The body as JSON. A byte order mark before it is passed over, as RFC 8259, section 8.1
    /// allows; any other encoding than UTF-8 is refused, for nobody knows which it is.
    func json() throws(BodyFault) -> JSON {
        var text = body[...]
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.dropFirst(3) }
        if text.allSatisfy({ [0x20, 0x09, 0x0A, 0x0D].contains($0) }) {
            throw BodyFault(message: "it is empty")
        }
        if let place = Self.firstFault(in: text) {
            throw BodyFault(
                message: "not UTF-8: byte \(String(text[place], radix: 16, uppercase: true)) "
                    + "(hexadecimal) at offset \(place)")
        }
        do {
            return try JSON(parsing: text)
        } catch {
            // The text that jansson repeats may be part of a password that a BMC echoes.
            let end = error.message.range(of: " near '")?.lowerBound
            let message = error.message[..<(end ?? error.message.endIndex)]
            throw BodyFault(message: "line \(error.line), column \(error.column): \(message)")
        }
    }

    /// Where the first byte is that belongs to no character in UTF-8.
    private static func firstFault(in text: ArraySlice<UInt8>) -> Int? {
        guard String(validating: text, as: UTF8.self) == nil else { return nil }
        var decoder = UTF8()
        var place = text.startIndex
        var bytes = text.makeIterator()
        while case .scalarValue(let scalar) = decoder.decode(&bytes) {
            place += UTF8.width(scalar)
        }
        return place < text.endIndex ? place : nil
    }
}
