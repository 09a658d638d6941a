internal import IPMIWire

/// Commands to one BMC, of which just so many may be sent.
struct RequestBudget: Sendable {
    /// What came back.
    enum Answer<Response: Sendable>: Sendable {
        case response(Response)
        case refused(CompletionCode)
        /// The answer makes no sense.
        case malformed(IPMIWireError)
        /// The BMC says nothing to it, and answers to others.
        case ignored
        /// Nothing was sent: the budget is used up.
        case unasked
    }

    private let connection: any IPMIConnection
    private(set) var used = 0
    var limit: Int

    init(_ connection: any IPMIConnection, limit: Int) {
        self.connection = connection
        self.limit = limit
    }

    var left: Int { max(0, limit - used) }

    /// Sends a command. A refusal and an answer that makes no sense are answers too; what is thrown
    /// concerns the BMC as a whole.
    mutating func ask<Command: IPMICommand>(
        _ command: Command
    ) async throws(IPMIFailure) -> Answer<Command.Response> {
        guard left > 0 else { return .unasked }
        used += 1
        do {
            return .response(try await connection.perform(command))
        } catch {
            switch error {
            case .refused(_, let code): return .refused(code)
            case .malformed(_, let reason): return .malformed(reason)
            case .ignored: return .ignored
            default: throw error
            }
        }
    }
}

extension RequestBudget.Answer {
    /// Why there is no response, in words.
    var complaint: String? {
        switch self {
        case .response: nil
        case .refused(let code): code.description
        case .malformed: "the answer makes no sense"
        case .ignored: "the BMC says nothing to it"
        case .unasked: "the budget of requests is used up"
        }
    }

    /// Whether the BMC says that it has no such thing (IPMI v2.0 table 5-2).
    var meansNotKnown: Bool {
        if case .refused(let code) = self { code.meansNoSuchCommand } else { false }
    }

    var response: Response? {
        if case .response(let response) = self { response } else { nil }
    }
}
