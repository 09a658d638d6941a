/// The `error` of an answer (JSON-RPC 2.0, section 5.1).
struct RPCFault: Error, Sendable, Hashable, CustomStringConvertible {
    let code: Int
    let message: String

    var description: String { message }

    /// The body is not JSON.
    static func parseError(_ message: String) -> RPCFault {
        RPCFault(code: -32700, message: message)
    }

    /// The body is JSON but no request, or its params have another type than the method's. The
    /// reference has no other code for the latter either (gorilla/rpc `json2`, `ReadRequest`).
    static func invalidRequest(_ message: String) -> RPCFault {
        RPCFault(code: -32600, message: message)
    }

    /// The method failed or is unknown.
    static func failed(_ message: String) -> RPCFault {
        RPCFault(code: -32000, message: message)
    }
}
