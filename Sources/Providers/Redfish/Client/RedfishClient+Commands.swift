internal import Core
internal import HTTPClient

extension RedfishClient {
    /// Sends a command, `POST` or `PATCH`, and returns once the BMC has taken it; a task that it
    /// begins (DSP0266, asynchronous operations) is for ``TaskFollower``.
    ///
    /// A change is sent with the entity tag of the state that it is based on, as
    /// ``ChangePrecondition`` says. An action changes no resource, so it goes without, unless the
    /// BMC asks for a tag: iDRAC 10 answers 412 to any action with one (stmcginnis/gofish, pull
    /// request 510).
    ///
    /// - Parameters:
    ///   - entityTag: what the change is based on; nil if that was not read.
    ///   - patience: how long a BMC that says that it can't do it now is asked again.
    /// - Throws: what the last refusal said.
    @discardableResult
    func command(
        _ method: String, _ link: String, _ body: JSON, entityTag: EntityTag? = nil,
        patience: Duration = .zero
    ) async throws(RedfishFailure) -> CommandAnswer {
        var pauses = BusyPauses(patience: patience)
        let message = BMCMessage(method: method, path: link, body: body)
        let trace = CommandTrace()
        var mayHaveActed = false
        while true {
            do throws(RedfishFailure) {
                return try await negotiate(method, link, body, entityTag, trace)
            } catch {
                mayHaveActed = mayHaveActed || error.mayHaveActed || trace.mayHaveActed
                guard error.isMomentary, !(mayHaveActed && message.mayStartMachine),
                    let pause = pauses.take(asked: nil)
                else {
                    throw error.afterCommand(mayHaveActed)
                }
                do {
                    try await transport.time.sleep(for: pause)
                } catch {
                    throw RedfishFailure(
                        .unreachable, "cancelled while waiting for a busy BMC",
                        mayHaveActed: mayHaveActed)
                }
            }
        }
    }

    private func negotiate(
        _ method: String, _ link: String, _ body: JSON, _ entityTag: EntityTag?,
        _ trace: CommandTrace
    ) async throws(RedfishFailure) -> CommandAnswer {
        var precondition = ChangePrecondition(tag: method == "POST" ? nil : entityTag)
        var step = precondition.begin()
        var last: HTTPResponse?
        while true {
            switch step {
            case .send(let tag):
                let response = try await send(
                    method, link, body, ifMatch: tag, trace: trace)
                guard !(200..<300).contains(response.status) else {
                    return CommandAnswer(response, mask)
                }
                last = response
                step = precondition.receive(Self.verdict(on: response, ifMatch: tag))
            case .read:
                step = precondition.read(
                    try await getIfPossible(Self.owner(of: link), insisting: true)?.entityTag)
            case .end:
                // There is an answer, for every negotiation begins by sending.
                throw last.map { failure(for: $0, "", isCommand: true) }
                    ?? RedfishFailure(.refused, "nothing was sent")
            }
        }
    }

    /// The resource whose tag an action may ask for.
    private static func owner(of link: String) -> String {
        link.split(separator: "/Actions/", maxSplits: 1).first.map(String.init) ?? link
    }

    private static func verdict(
        on response: HTTPResponse, ifMatch: String?
    ) -> ChangePrecondition.Verdict {
        switch response.status {
        case 412, 428:
            return .refused
        case 400, 405, 409, 501:
            let json = try? response.json()
            let messages = json.map { RedfishErrorBody($0).all } ?? []
            let ids = messages.compactMap(\.messageID)
            // AMI MegaRAC: Ami.1.0.PreconditionHeaderMissing (stmcginnis/gofish, issue 171).
            if ids.contains(where: { $0.contains("Precondition") }) { return .refused }
            // A message about a property or parameter is not about the header.
            let isAboutBody = ids.contains { $0.contains("Property") || $0.contains("Parameter") }
            return ifMatch == nil || isAboutBody ? .none : .doubtful
        default:
            return .none
        }
    }
}
