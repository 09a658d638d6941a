/// A JSON value (RFC 8259).
///
/// Integers keep all 64 bits, objects keep the order of their keys. Equality ignores the order of
/// keys, as JSON does; `integer(1)` and `real(1)` are different values.
public enum JSON: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int64)
    case real(Double)
    case string(String)
    case array([JSON])
    case object(JSONObject)
}

// MARK: - Reading a value of a known type

extension JSON {
    /// Whether this is `null`.
    public var isNull: Bool { self == .null }

    /// The truth value, or nil for any other type.
    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The integer, or nil for any other type. A real number with an exact integer value counts.
    public var integer: Int64? {
        switch self {
        case .integer(let value): value
        case .real(let value): Int64(exactly: value)
        default: nil
        }
    }

    /// The number as a double, or nil for any other type.
    public var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .real(let value): value
        default: nil
        }
    }

    /// The string, or nil for any other type.
    public var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The elements, or nil for any other type.
    public var array: [JSON]? {
        if case .array(let value) = self { value } else { nil }
    }

    /// The object, or nil for any other type.
    public var object: JSONObject? {
        if case .object(let value) = self { value } else { nil }
    }

    /// The value under `key`, or nil if this is no object or has no such key.
    public subscript(key: String) -> JSON? {
        object?[key]
    }

    /// The element at `index`, or nil if this is no array or is shorter.
    public subscript(index: Int) -> JSON? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    /// The type as a person would name it: `null`, `a boolean`, `an integer`, `a number`,
    /// `a string`, `an array`, `an object`.
    public var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer: "an integer"
        case .real: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

// MARK: - Literals

extension JSON: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByStringInterpolation,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(nilLiteral: ()) { self = .null }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .real(value) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }

    public init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(JSONObject(elements))
    }
}

extension JSON {
    /// A string, or `null` for nil.
    public init(_ string: String?) {
        self = string.map(JSON.string) ?? .null
    }

    /// An integer.
    public init(_ integer: some FixedWidthInteger) {
        self = .integer(Int64(clamping: integer))
    }

    /// An object of strings, its keys sorted.
    public init(_ strings: [String: String]) {
        self = .object(
            JSONObject(strings.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
    }
}

extension JSON: CustomStringConvertible {
    /// The value as compact JSON text.
    public var description: String {
        String(decoding: encoded(), as: UTF8.self)
    }
}
