internal import Core
internal import HTTPClient

/// Brings requests to one BMC and its answers back: one at a time, through redirects, and again
/// while the BMC says that it is busy.
struct BMCTransport: Sendable {
    let line: BMCLine
    let http: HTTPClient
    let tls: TLSTrust
    let timeouts: RedfishTimeouts
    let time: any TimeSource

    /// Sends a request and returns the answer, whatever its status.
    ///
    /// An answer that says that the request was not acted on for now (503; RFC 6585's 429) is
    /// asked for again after growing pauses, within ``RedfishTimeouts/patience``; of a GET, so is
    /// 408, after which nobody knows whether a command was carried out, and what says that the BMC
    /// is busy in another dress: see ``BusyAnswer``.
    ///
    /// There are BMCs that close a connection at its second request, never answer that, or answer it
    /// with garbage or a bare 400. After such a failure requests go over fresh ones, which is
    /// remembered if it helps.
    /// - Throws: `busy` without a request if an earlier answer's `Retry-After` forbids it.
    func send(_ message: BMCMessage) async throws(RedfishFailure) -> HTTPResponse {
        try await line.gate.pass { () async throws(RedfishFailure) in
            if let objection = message.objection() { throw objection }
            let response = try await converse(message)
            message.answered(response)
            return response
        }
    }

    private func converse(_ message: BMCMessage) async throws(RedfishFailure) -> HTTPResponse {
        let start = time.uptime
        var pauses = BusyPauses(patience: min(timeouts.patience, timeouts.request))
        if message.honoursRests, let rest = line.remainingRest(at: start) {
            guard pauses.take(asked: rest.left) != nil else {
                throw RedfishFailure(
                    .busy,
                    "\(message.title): not sent: the BMC asked to be left alone for "
                        + "\(rest.asked.roundedText), of which \(rest.left.roundedText) are left")
            }
            try await pause(rest.left)
        }
        var mayHaveActed = false
        while true {
            let response: HTTPResponse
            do throws(RedfishFailure) {
                response = try await follow(message)
            } catch {
                throw error.afterCommand(mayHaveActed)
            }
            if !message.isRead, response.status >= 500 {
                mayHaveActed = true
                message.trace?.noteFailure()
            }
            guard isTransient(response, message) else { return response }
            let asked =
                RetryAfter.pause(in: response.headers, now: time.date)
                ?? BusyAnswer(response)?.asked
            let isFinal = SessionLimit(response) != nil
            guard !isFinal, let pause = pauses.take(asked: asked),
                time.uptime - start + pause < timeouts.request
            else {
                if message.honoursRests, let asked { line.rest(for: asked, from: time.uptime) }
                return response
            }
            do throws(RedfishFailure) {
                try await self.pause(pause)
            } catch {
                throw error.afterCommand(mayHaveActed)
            }
        }
    }

    private func isTransient(_ response: HTTPResponse, _ message: BMCMessage) -> Bool {
        if message.mayStartMachine, response.status >= 500 { return false }
        if [429, 503].contains(response.status) { return true }
        guard message.isRead else { return false }
        return response.status == 408 || message.insists && response.saysNothing
            || BusyAnswer(response) != nil
    }

    private func pause(_ duration: Duration) async throws(RedfishFailure) {
        do {
            try await time.sleep(for: duration)
        } catch {
            throw RedfishFailure(.unreachable, "cancelled while waiting for a busy BMC")
        }
    }

    private func follow(_ message: BMCMessage) async throws(RedfishFailure) -> HTTPResponse {
        var origin = line.origin
        var url = origin + message.path
        for _ in 0...Redirect.limit {
            let response = try await exchange(message, url)
            let redirect = Redirect(response, to: message.method, at: url)
            guard case .follow(let target, let next) = redirect else {
                // A place is believed once it has answered: one redirect may be a mistake.
                if response.status < 300, !(message.isRead && response.saysNothing) {
                    line.origin = origin
                }
                return response
            }
            (url, origin) = (target, next)
        }
        throw RedfishFailure(
            .malformed,
            "\(message.title): redirected more than \(Redirect.limit) times, at last to "
                + message.mask.masked(link: url).readable(limit: 200))
    }

    private func exchange(
        _ message: BMCMessage, _ url: String
    ) async throws(RedfishFailure) -> HTTPResponse {
        var request = request(for: message, url)
        let start = time.uptime
        var failure: HTTPError
        do throws(HTTPError) {
            let response = try await send(request)
            guard message.isRead, response.wasReused, response.isBareRefusal, !line.hasReused else {
                return response
            }
            request.sharesConnection = false
            guard let other = try? await send(request), !other.isBareRefusal else {
                return response
            }
            line.noteBrokenKeepAlive()
            return other
        } catch {
            failure = error
        }
        if failure.wasReused, [.reset, .timeout, .malformed].contains(failure.kind),
            line.doubtKeepAlive(isSilence: failure.kind == .timeout, sentAt: start),
            message.isRead
        {
            request.sharesConnection = false
            do throws(HTTPError) {
                return try await send(request)
            } catch {
                failure = error
            }
        }
        if failure.kind == .connect || !failure.mayHaveBeenSent { line.returnHome() }
        throw await RedfishFailure(
            unanswered: request, message, failure, http, mayHaveActed: !message.isRead)
    }

    private func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        do throws(HTTPError) {
            let response = try await http.send(request)
            line.noteAnswer(
                wasReused: response.wasReused && !response.isBareRefusal,
                wasRepeated: response.wasRepeated, at: time.uptime)
            return response
        } catch {
            if !error.wasReused { line.noteSilence() }
            throw error
        }
    }

    /// All that goes out for a message, to a URL of the BMC.
    func request(for message: BMCMessage, _ url: String) -> HTTPRequest {
        var request = HTTPRequest(
            method: message.method, url: url, headers: ["Accept": "application/json"],
            body: message.body?.encoded(), connectTimeout: timeouts.connect,
            timeout: timeouts.request, stallTimeout: timeouts.stall,
            trust: HTTPTrust(tls),
            maximumBodyBytes: AnswerSize(to: message.method, message.path).bytes)
        request.sharesConnection = line.sharesConnections
        // DSP0266, request headers: a client says which version of the protocol it speaks.
        request.headers["OData-Version"] = "4.0"
        if message.body != nil { request.headers["Content-Type"] = "application/json" }
        request.headers["If-Match"] = message.ifMatch
        switch message.authorisation {
        case .none: break
        case .basic(let credentials): request.basicCredentials = credentials
        case .token(let token): request.headers["X-Auth-Token"] = token.reveal()
        }
        return request
    }
}

extension Duration {
    /// In whole seconds, rounded up, as a person reads it: `43s`.
    var roundedText: String {
        Duration.seconds((milliseconds + 999) / 1000).text
    }
}
