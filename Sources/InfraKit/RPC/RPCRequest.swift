internal import Core

/// One call, as it was sent (JSON-RPC 2.0, section 4).
struct RPCRequest: Sendable, Hashable {
    /// Nil for a notification, which is obeyed and not answered. An explicit `null` is an id; the
    /// reference takes it for a notification.
    let id: RPCIdentifier?
    let method: String
    /// Empty if absent or null.
    let params: JSONObject
}

extension RPCRequest {
    /// Why a body is no request, and the id to say so under.
    struct Refusal: Error, Hashable {
        let id: RPCIdentifier?
        let fault: RPCFault
    }

    /// How many values a body may hold; InfraKit's have some hundreds at the most.
    static let maximumValues = 50_000

    /// Reads a body. Batches are refused: the reference knows none, and its clients send none.
    init(parsing body: some Sequence<UInt8>) throws(Refusal) {
        let json: JSON
        do {
            json = try JSON(parsing: body, maximumValues: Self.maximumValues)
        } catch {
            throw Refusal(id: .null, fault: .parseError("not JSON: \(error)"))
        }
        guard let members = json.object else {
            let hint = json.array == nil ? "" : "; batches are not supported"
            throw Refusal(
                id: .null,
                fault: .invalidRequest("a request must be an object, not \(json.typeName)\(hint)"))
        }
        if let given = members["id"] {
            guard let legal = RPCIdentifier(given) else {
                throw Refusal(
                    id: .null,
                    fault: .invalidRequest(
                        "id must be an integer, a string or null, not \(given.typeName)"))
            }
            id = legal
        } else {
            id = nil
        }
        // Without an id only what can't be told from a request is answered, under a null id.
        let answerID = id ?? .null
        guard members["jsonrpc"] == "2.0" else {
            throw Refusal(id: answerID, fault: .invalidRequest("jsonrpc must be 2.0"))
        }
        guard let method = members["method"]?.string else {
            throw Refusal(id: answerID, fault: .invalidRequest("method must be a string"))
        }
        self.method = method
        do {
            params = try Self.named(members["params"] ?? .null)
        } catch {
            throw Refusal(id: id, fault: error)
        }
    }

    // The reference takes an array of one object for that object, and an empty one for none.
    private static func named(_ params: JSON) throws(RPCFault) -> JSONObject {
        switch params {
        case .null: return [:]
        case .object(let members): return members
        case .array(let elements) where elements.isEmpty: return [:]
        case .array(let elements) where elements.count == 1:
            if let members = elements[0].object { return members }
            fallthrough
        default:
            throw .invalidRequest("params must be an object, not \(params.typeName)")
        }
    }
}
