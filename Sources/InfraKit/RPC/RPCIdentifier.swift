internal import Core

/// The `id` by which a client finds the answer to its request (JSON-RPC 2.0, section 4).
///
/// The standard allows fractions too, but they can't be echoed digit for digit: they are refused.
enum RPCIdentifier: Sendable, Hashable {
    case integer(Int64)
    case string(String)
    case null

    /// Nil if `json` is no legal id.
    init?(_ json: JSON) {
        switch json {
        case .integer(let integer): self = .integer(integer)
        case .string(let string): self = .string(string)
        case .null: self = .null
        case .bool, .real, .array, .object: return nil
        }
    }

    var json: JSON {
        switch self {
        case .integer(let integer): .integer(integer)
        case .string(let string): .string(string)
        case .null: .null
        }
    }

    /// For a log line; a long string is cut.
    var summary: String {
        switch self {
        case .integer(let integer): "\(integer)"
        case .string(let string): String(string.prefix(64))
        case .null: "null"
        }
    }
}
