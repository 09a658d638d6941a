internal import Core
internal import HTTPClient

extension BMCSession {
    /// What a login came to.
    enum Outcome: Sendable {
        case opened(Session)
        /// Sessions are not to be had for some time; Basic credentials are sent.
        case basic(for: Duration)
        /// The BMC does not accept the user name or password, or no logins: Basic credentials are
        /// tried.
        case refused
        /// The BMC, which is known to take a session, did not accept the user name or password
        /// twice.
        case denied(RedfishFailure)
        /// No answer. After a login that may have arrived all the same, sessions are left alone
        /// for some time: each may have been one, and would be held until the BMC drops it.
        case failed(RedfishFailure, pause: Duration?)
    }

    /// A session that is open at a BMC.
    struct Session: Sendable {
        let token: Secret
        /// Where it is ended; nil if the BMC did not tell.
        let place: String?
    }

    /// How long Basic credentials are sent until a session is tried again.
    private enum Pause {
        static let noSessions: Duration = .seconds(3600)
        static let exhausted: Duration = .seconds(300)
        static let broken: Duration = .seconds(1800)
        static let busy: Duration = .seconds(30)
        static let lost: Duration = .seconds(600)
    }

    /// Where a service that may not be asked without credentials has its sessions (DSP0266,
    /// Redfish-defined URIs).
    private static let standardPath = "/redfish/v1/SessionService/Sessions"

    func logIn(over transport: BMCTransport) async -> Outcome {
        do throws(RedfishFailure) {
            return try await throttle.pass { () async throws(RedfishFailure) in
                guard let path = try await findSessions(over: transport) else {
                    return .basic(for: Pause.noSessions)
                }
                return await logIn(at: path, over: transport)
            }
        } catch {
            return .failed(error, pause: nil)
        }
    }

    /// The path of the collection of sessions; nil if the service has none. The service root is
    /// read without credentials (DSP0266, authentication), if it was not yet.
    private func findSessions(
        over transport: BMCTransport
    ) async throws(RedfishFailure) -> String? {
        if let known = knownService { return known.sessions }
        let message = BMCMessage(method: "GET", path: ServiceRoot.path, mask: mask)
        let root = try await transport.send(message)
        guard (200..<300).contains(root.status), !root.saysNothing,
            let json = try? root.json(.resource)
        else {
            return Self.standardPath
        }
        learn(from: json)
        return knownService?.sessions
    }

    private func logIn(
        at path: String, over transport: BMCTransport, isSecond: Bool = false
    ) async -> Outcome {
        var message = BMCMessage(method: "POST", path: path, mask: mask)
        message.body = [
            "UserName": .string(credentials.username),
            "Password": .string(credentials.password.reveal()),
        ]
        message.honoursRests = false
        let response: HTTPResponse
        do throws(RedfishFailure) {
            response = try await transport.send(message)
        } catch {
            // Over a connection that takes one request; the next goes over a fresh one.
            if error.mayHaveActed, !transport.line.sharesConnections {
                return .basic(for: Pause.lost)
            }
            var failure = error
            failure.text = "login: \(error.text)"
            return .failed(failure, pause: error.mayHaveActed ? Pause.lost : nil)
        }
        if (200..<300).contains(response.status) {
            return await take(response, at: path, over: transport)
        }
        let asked = RetryAfter.pause(in: response.headers, now: transport.time.date) ?? .zero
        if SessionLimit(response) != nil {
            return .basic(for: max(Pause.exhausted, min(asked, Pause.broken)))
        }
        switch response.status {
        case 401 where isSecond:
            let text = AnswerText(mask: mask)
            return .denied(
                text.failure(for: response, "login: \(message.title): ", isCommand: false))
        // There are BMCs that refuse one login of many.
        case 401 where knowsSessionsAlone:
            return await logIn(at: path, over: transport, isSecond: true)
        case 401: return .refused
        case 404, 405, 410, 501: return .basic(for: Pause.noSessions)
        case 400, 403: return .basic(for: Pause.exhausted)
        // The BMC may be starting, or have its session service switched off: what is asked next
        // will show.
        case 429, 503: return .basic(for: max(Pause.busy, min(asked, Pause.broken)))
        default: return .basic(for: Pause.broken)
        }
    }

    private func take(
        _ response: HTTPResponse, at path: String, over transport: BMCTransport
    ) async -> Outcome {
        let answer = LoginAnswer(response, address: address, collection: path)
        guard let token = answer.token else {
            // A session without a token is of no use, but takes a place.
            if let place = answer.place {
                await delete(place, as: .basic(basicCredentials), over: transport)
            }
            return .basic(for: Pause.noSessions)
        }
        return .opened(Session(token: Secret(token), place: answer.place))
    }

    /// Ends a session. One that is not there any more is what was wanted.
    func logOut(_ session: Session, over transport: BMCTransport) async {
        guard let place = session.place else { return }
        let status = await delete(place, as: .token(session.token), over: transport)
        if let status, ![401, 404, 410].contains(status), !(200..<300).contains(status) {
            await delete(place, as: .basic(basicCredentials), over: transport)
        }
    }

    /// The answer's status; nil if there was none.
    @discardableResult
    func delete(
        _ place: String, as authorisation: Authorisation, over transport: BMCTransport
    ) async -> Int? {
        var message = BMCMessage(method: "DELETE", path: place, mask: mask)
        message.authorisation = authorisation
        message.honoursRests = false
        return try? await transport.send(message).status
    }
}
