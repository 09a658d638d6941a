internal import Core
internal import Foundation
internal import HTTPClient

/// Speaks to one BMC with one user's credentials. At most one request is in flight per BMC: clients
/// of the same BMC share its line, and those of the same user its session.
///
/// A failed GET over a connection that had gone stale is repeated by `HTTPClient`; what a BMC asks
/// to be sent again, by ``BMCTransport``. A request that was answered with 401 because its session
/// is over is sent again in a new one: it was not acted on.
final class RedfishClient: Sendable {
    let address: BMCAddress
    let transport: BMCTransport
    /// Nil where the BMC asks for no user.
    private let session: BMCSession?

    /// Who we are to the BMC, which certificates of it we accept, and how long we wait for it.
    struct Access: Hashable, Sendable {
        let credentials: Credentials
        let tls: TLSTrust
        /// Nil for what is usual.
        let timeout: Duration?
    }

    init(address: BMCAddress, transport: BMCTransport, session: BMCSession?) {
        self.address = address
        self.transport = transport
        self.session = session
    }

    /// Reads a resource.
    /// - Parameter insisting: whether it is asked for again for a while if the answer says nothing.
    func get(
        _ link: String, insisting: Bool = false
    ) async throws(RedfishFailure) -> RedfishResource {
        guard let session, isRoot(link) else {
            return try await get(link, needsUser: true, insisting)
        }
        let root: RedfishResource
        do throws(RedfishFailure) {
            root = try await get(link, needsUser: false, insisting)
        } catch {
            guard error.status == 401 else { throw error }
            return try await get(link, needsUser: true, insisting)
        }
        session.learn(from: root.json)
        // To a stranger some services show less of it than to a user.
        guard root.json.link("Systems") == nil else { return root }
        return try await get(link, needsUser: true, insisting)
    }

    private func get(
        _ link: String, needsUser: Bool, _ insisting: Bool
    ) async throws(RedfishFailure) -> RedfishResource {
        var message = BMCMessage(method: "GET", path: try path(of: link), mask: mask)
        message.insists = insisting
        let response = try await needsUser ? sendAsUser(message) : transport.send(message)
        guard (200..<300).contains(response.status) else {
            throw failure(for: response, "GET \(text.readable(link: link)): ", isCommand: false)
        }
        return try await resource(in: response, link)
    }

    /// Sends one request and returns the answer, whatever its status.
    func send(
        _ method: String, _ link: String, _ body: JSON? = nil, ifMatch: String? = nil,
        trace: CommandTrace? = nil
    ) async throws(RedfishFailure) -> HTTPResponse {
        var message = BMCMessage(method: method, path: try path(of: link), body: body, mask: mask)
        message.ifMatch = ifMatch
        message.trace = trace
        return try await sendAsUser(message)
    }

    func path(of link: String) throws(RedfishFailure) -> String {
        guard let path = address.path(of: link) else {
            throw RedfishFailure(
                .malformed, "the BMC links to \(text.readable(link: link)), which is no path")
        }
        return path
    }

    /// DSP0266, authentication: the service root is open to everybody.
    private func isRoot(_ link: String) -> Bool {
        link == ServiceRoot.path || link + "/" == ServiceRoot.path
    }

    private func sendAsUser(_ message: BMCMessage) async throws(RedfishFailure) -> HTTPResponse {
        guard let session else { return try await transport.send(message) }
        let basic = Authorisation.basic(session.basicCredentials)
        let first =
            !message.isRead && session.sendsCommandsByBasic
            ? basic : try await session.authorisation(over: transport)
        let response = try await send(message, as: first, session)
        guard response.isUnauthenticated else { return response }
        if session.doubts(first) {
            // Some open sessions and honour none.
            let answer = try await send(message, as: basic, session)
            if !answer.isUnauthenticated { await session.noteUselessTokens() }
            return answer
        }
        guard session.renew(after: first) else { return response }
        let second = try await session.authorisation(over: transport)
        let answer = try await send(message, as: second, session)
        guard answer.isUnauthenticated, case .token = second else { return answer }
        await session.noteFutileRenewal(over: transport)
        guard !message.isRead, session.doubtsCommands() else { return answer }
        // Some honour a token for reading alone.
        let last = try await send(message, as: basic, session)
        if !last.isUnauthenticated { session.noteBasicForCommands() }
        return last
    }

    private func send(
        _ message: BMCMessage, as authorisation: Authorisation, _ session: BMCSession
    ) async throws(RedfishFailure) -> HTTPResponse {
        var message = message
        message.authorisation = authorisation
        message.objection = { session.objection(to: authorisation) }
        let (text, title, isOpen) = (text, message.title, message.isOpenToAll)
        message.answered = { response in
            session.note(response, isOpenToAll: isOpen, authorisation) {
                text.failure(for: response, "\(title): ", isCommand: false)
            }
        }
        return try await transport.send(message)
    }

    /// What goes into a header of a request that is not sent through this client.
    func authorisation() async throws(RedfishFailure) -> Authorisation {
        try await session?.authorisation(over: transport) ?? .none
    }
}

// MARK: - Answers

extension RedfishClient {
    /// What an answer that is no success says. `place` begins its text.
    func failure(
        for response: HTTPResponse, _ place: String, isCommand: Bool
    ) -> RedfishFailure {
        text.failure(for: response, place, isCommand: isCommand)
    }

    /// What must not be shown, should the BMC echo it.
    var secrets: [Secret] { session?.secrets ?? [] }

    /// Takes ``secrets`` out of a BMC's words.
    var mask: SecretMask { session?.mask ?? .none }

    var text: AnswerText { AnswerText(mask: mask) }

    private func resource(
        in response: HTTPResponse, _ link: String
    ) async throws(RedfishFailure) -> RedfishResource {
        if response.bringsErrorAlone {
            let body = (try? response.json()).map(RedfishErrorBody.init)
            throw RedfishFailure(
                BusyAnswer(response) == nil ? .malformed : .busy,
                "GET \(text.readable(link)): \(response.status) with an error alone: "
                    + text.readable(body?.text ?? "without words", limit: 500),
                status: response.status)
        }
        let problem: String
        do {
            let size = AnswerSize(to: "GET", link)
            let (json, isRepaired) = try await LargeText.reader.read(size: response.body.count) {
                () throws(HTTPResponse.BodyFault) in try response.reading(size)
            }
            // A resource has properties that it can't be without (DSP0266, required properties).
            if json.object?.isEmpty == false {
                return RedfishResource(
                    path: link, json: mask.masked(json), entityTag: response.headers["ETag"],
                    isRepaired: isRepaired)
            }
            problem =
                json.object == nil
                ? "is \(json.typeName), not an object" : "is an object without any property"
        } catch {
            problem = "is no JSON (\(error.message))"
        }
        throw RedfishFailure(
            .malformed,
            "GET \(text.readable(link: link)): the body \(problem): \(text.excerpt(of: response))",
            status: response.status)
    }
}
