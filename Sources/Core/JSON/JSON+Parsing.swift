internal import CJansson

/// Why a text is not acceptable JSON, and where.
public struct JSONParseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line, from 1.
    public let line: Int
    /// The column of the last character read, in Unicode scalars from 1; 0 if the line is empty.
    public let column: Int
    /// What is wrong, mostly in jansson's words.
    public let message: String

    public init(line: Int, column: Int, message: String) {
        self.line = line
        self.column = column
        self.message = message
    }

    public var description: String { "line \(line), column \(column): \(message)" }
}

extension JSON {
    /// How deep arrays and objects may nest unless the caller says otherwise.
    public static let standardDepth = 64

    /// Parses a text strictly: UTF-8, one value of any type, no duplicate keys, no trailing text,
    /// and no integer beyond 64 bits (RFC 8259; jansson's `JSON_REJECT_DUPLICATES`). Keys that
    /// Swift takes for the same string, because they differ in Unicode normalisation only, are
    /// duplicates too. The NUL character may be in a string, as `\u0000`, but not in a key.
    ///
    /// - Parameters:
    ///   - bytes: the text.
    ///   - maximumDepth: how many arrays and objects may nest; at most 2,000, since jansson itself
    ///     stops at 2,048.
    ///   - maximumValues: how many values there may be, each element and member one. It is counted
    ///     before any is made, for the smallest, `{},`, becomes a hundred times as many bytes.
    /// - Throws: ``JSONParseError`` with the line and column of the first fault.
    public init(
        parsing bytes: some Sequence<UInt8>, maximumDepth: Int = standardDepth,
        maximumValues: Int = .max
    ) throws(JSONParseError) {
        var contiguous = Array(bytes)
        try Self.check(contiguous, depth: min(maximumDepth, 2000), values: maximumValues)
        // jansson refuses the null pointer that an empty buffer has.
        contiguous.append(0)
        var fault = json_error_t()
        let flags = JSON_DECODE_ANY | JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL
        let parsed = contiguous.withUnsafeBytes { buffer in
            json_loadb(
                buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count - 1,
                Int(flags), &fault)
        }
        guard let parsed else {
            throw JSONParseError(
                line: max(1, Int(fault.line)), column: max(0, Int(fault.column)),
                message: Self.message(of: fault))
        }
        defer { rackpool_json_release(parsed) }
        try self.init(copying: parsed)
    }

    /// Parses a string; see ``init(parsing:maximumDepth:maximumValues:)``.
    public init(parsing text: String, maximumDepth: Int = standardDepth) throws(JSONParseError) {
        try self.init(parsing: text.utf8, maximumDepth: maximumDepth)
    }

    private static func message(of fault: json_error_t) -> String {
        withUnsafeBytes(of: fault.text) { raw in
            // The last byte of jansson's text holds its error code, not text.
            String(decoding: raw.dropLast().prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    // Depth and number are checked before jansson sees the text, for it gives no position of a value and its
    // own limit is fixed when it is built. A NUL byte is looked for because jansson 2.14 takes one
    // that follows the value for the text's end, which would hide a torn file.
    private static func check(
        _ bytes: [UInt8], depth limit: Int, values maximum: Int
    ) throws(JSONParseError) {
        var depth = 0
        // The outermost value, the first of each array and object, and one behind each comma.
        var values = 1
        var line = 1
        var column = 0
        var inString = false
        var escaped = false
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 0
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
            if byte == 0 {
                throw JSONParseError(line: line, column: column, message: "NUL byte")
            }
            if inString {
                if escaped {
                    escaped = false
                } else if byte == UInt8(ascii: "\\") {
                    escaped = true
                } else if byte == UInt8(ascii: "\"") {
                    inString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""):
                inString = true
            case UInt8(ascii: ","):
                values += 1
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
                values += 1
                if depth > limit {
                    throw JSONParseError(
                        line: line, column: column, message: "nested more than \(limit) deep")
                }
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                depth -= 1
            default:
                break
            }
            if values > maximum {
                throw JSONParseError(
                    line: line, column: column, message: "more than \(maximum) values")
            }
        }
    }

    // The recursion is no deeper than what `check` let through.
    private init(copying value: JanssonValue) throws(JSONParseError) {
        switch rackpool_json_type(value) {
        case JSON_OBJECT: self = .object(try Self.object(copying: value))
        case JSON_ARRAY:
            var elements: [JSON] = []
            elements.reserveCapacity(json_array_size(value))
            for index in 0..<json_array_size(value) {
                guard let element = json_array_get(value, index) else { continue }
                elements.append(try JSON(copying: element))
            }
            self = .array(elements)
        case JSON_STRING:
            self = .string(
                String(
                    decoding: UnsafeRawBufferPointer(
                        start: json_string_value(value), count: json_string_length(value)),
                    as: UTF8.self))
        case JSON_INTEGER: self = .integer(json_integer_value(value))
        case JSON_REAL: self = .real(json_real_value(value))
        case JSON_TRUE: self = .bool(true)
        case JSON_FALSE: self = .bool(false)
        default: self = .null
        }
    }

    private static func object(copying value: JanssonValue) throws(JSONParseError) -> JSONObject {
        var object = JSONObject(capacity: json_object_size(value))
        var iterator = json_object_iter(value)
        while let place = iterator {
            let key = String(
                decoding: UnsafeRawBufferPointer(
                    start: json_object_iter_key(place), count: json_object_iter_key_len(place)),
                as: UTF8.self)
            if let member = json_object_iter_value(place) {
                object[key] = try JSON(copying: member)
            }
            iterator = json_object_iter_next(value, place)
        }
        guard object.count == json_object_size(value) else {
            throw JSONParseError(
                line: 1, column: 0, message: "duplicate object key in another Unicode form")
        }
        return object
    }
}

private typealias JanssonValue = UnsafeMutablePointer<json_t>
