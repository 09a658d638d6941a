internal import Core
internal import Foundation
internal import HTTPClient

extension HTTPResponse {
    /// Why a body is no JSON.
    struct BodyFault: Error {
        let message: String
    }

    /// The body as JSON, read leniently. A byte order mark before it is passed over, as RFC 8259,
    /// section 8.1 allows.
    /// - Parameter size: of what it may hold, the number of values.
    func json(_ size: AnswerSize = .short) throws(BodyFault) -> JSON { try reading(size).json }

    /// The body as JSON, and whether it is not quite that.
    func reading(_ size: AnswerSize) throws(BodyFault) -> (json: JSON, isRepaired: Bool) {
        var text = body[...]
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.dropFirst(3) }
        if text.allSatisfy({ [0x20, 0x09, 0x0A, 0x0D].contains($0) }) {
            throw BodyFault(message: "it is empty")
        }
        do {
            return (try JSON(parsing: text, maximumValues: size.values), false)
        } catch {
            if let json = try? JSON(lenient: text, maximumValues: size.values) {
                return (json, true)
            }
            if let place = Self.firstFault(in: text) {
                throw BodyFault(
                    message: "not UTF-8: byte \(String(text[place], radix: 16, uppercase: true)) "
                        + "(hexadecimal) at offset \(place)")
            }
            // The text that jansson repeats may be part of a password that a BMC echoes.
            let end = error.message.range(of: " near '")?.lowerBound
            let message = error.message[..<(end ?? error.message.endIndex)]
            throw BodyFault(message: "line \(error.line), column \(error.column): \(message)")
        }
    }

    /// Whether nothing can be taken from the answer: the BMC stumbled (500), or the body of a
    /// success begins no object, or one with nothing in it or an error alone.
    var saysNothing: Bool {
        guard (200..<300).contains(status) else { return status == 500 }
        let start = firstSigns(2)
        return start.first != UInt8(ascii: "{") || start == Array("{}".utf8) || bringsErrorAlone
    }

    /// Whether the answer to a read says that it succeeded, and brings an error in the resource's
    /// place (DSP0266, error responses).
    var bringsErrorAlone: Bool {
        guard (200..<300).contains(status) else { return false }
        // What begins with something else is not read for this.
        let start = firstSigns(11)
        guard ["{\"error\"", "{\"@Message."].contains(where: { start.starts(with: $0.utf8) }),
            let object = (try? json())?.object
        else { return false }
        return object.allSatisfy { $0.key == "error" || $0.key.hasSuffix("@Message.ExtendedInfo") }
    }

    /// Whether this is a 400 that no Redfish service sends: it does not say why.
    var isBareRefusal: Bool { status == 400 && (try? json())?.object == nil }

    /// Whether the BMC does not take who asks for a user: 401, or a 403 that says so.
    var isUnauthenticated: Bool { status == 401 || Refusals.deniesSession(self) }

    /// How the body begins, without blanks.
    private func firstSigns(_ count: Int) -> [UInt8] {
        let text = body.starts(with: [0xEF, 0xBB, 0xBF]) ? body.dropFirst(3) : body[...]
        return Array(text.lazy.filter { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }.prefix(count))
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
