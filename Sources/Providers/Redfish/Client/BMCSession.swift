internal import Core
internal import HTTPClient
internal import Locking

/// One user's session with one BMC: opened by the first who needs it, shared by all, never more
/// than one at a time, and closed at the end.
///
/// Where the BMC offers no session, Basic credentials are sent instead, and a session is tried
/// again later. They are tried at once where a login is refused (401), for there are BMCs that take
/// nothing else and say so in this way, and others that refuse one login of many; and where a new
/// token is not honoured, be it for commands alone. Where nothing but a session is known to work, a
/// login that is refused is tried once more instead. While the BMC refuses the user name or password, it is asked only after
/// growing pauses, 20 s for an account that it once accepted, else 60 s, three times as long after
/// each refusal, at most half an hour. No window of 60 s so has three refusals, at which iDRAC
/// blocks an address for ten minutes by default, and no account is locked by the usual five.
final class BMCSession: Sendable {
    private enum State {
        /// Nobody has asked yet, or the session is over.
        case none
        case loggingIn(SharedTask<Outcome>, BMCTransport)
        case open(Session, BMCTransport)
        /// Basic credentials are sent until an uptime.
        case basic(until: Duration)
        /// Basic credentials are tried.
        case trial
        /// The BMC refused us; it is not asked until an uptime.
        case refused(until: Duration, RedfishFailure)
        case loggingOut(SharedTask<Void>)
        /// No more requests are sent.
        case ended
    }

    private struct Content {
        var state = State.none
        var service: Service?
        /// Refusals in a row.
        var refusals = 0
        var wasAccepted = false
        /// Whether the BMC once honoured a token.
        var honoursTokens = false
        /// Whether it once took Basic credentials.
        var takesBasic = false
        /// Whether commands go with Basic credentials, because a token is honoured for reading alone.
        var commandsByBasic = false
        /// Until when a token that is not honoured leads to no trial of Basic.
        var noTrial: Duration?
        /// The token before the present one, which may be good yet.
        var previous: Session?
        /// Until when a 401 is not answered with a login, since the last one did not help.
        var noRenewal: Duration?
        var isEnding = false
        var mask: (secrets: [Secret], mask: SecretMask)?

        mutating func refuse(_ failure: RedfishFailure, at now: Duration) {
            refusals += 1
            let first: Duration = wasAccepted ? .seconds(20) : .seconds(60)
            let pause = (1..<min(refusals, 6)).reduce(first) { pause, _ in pause * 3 }
            state = .refused(until: now + min(pause, .seconds(1800)), failure)
        }

        /// False if Basic credentials were tried beside a token a while ago.
        mutating func beginTrial(at now: Duration) -> Bool {
            if let end = noTrial, end > now { return false }
            noTrial = now + .seconds(600)
            return true
        }

        mutating func accept() {
            refusals = 0
            wasAccepted = true
        }
    }

    /// What the service root says about sessions.
    struct Service: Sendable {
        /// The collection of sessions; nil if there is none.
        let sessions: String?
    }

    let credentials: Credentials
    let address: BMCAddress
    let throttle: LoginThrottle
    private let time: any TimeSource
    private let content = Mutex(Content())

    init(
        credentials: Credentials, address: BMCAddress, throttle: LoginThrottle,
        time: any TimeSource
    ) {
        self.credentials = credentials
        self.address = address
        self.throttle = throttle
        self.time = time
    }

    var basicCredentials: HTTPCredentials {
        HTTPCredentials(user: credentials.username, password: credentials.password.reveal())
    }

    /// Whether a session has worked here, and nothing else.
    var knowsSessionsAlone: Bool { content.withLock { $0.honoursTokens && !$0.takesBasic } }

    var knownService: Service? { content.withLock { $0.service } }

    /// Takes from a service root where sessions are: `Links.Sessions`, or below `SessionService`
    /// (DSP2046 `ServiceRoot`; DSP0266, Redfish-defined URIs).
    func learn(from root: JSON) {
        let service = root.link("SessionService").map { link in
            (link.hasSuffix("/") ? String(link.dropLast()) : link) + "/Sessions"
        }
        let sessions = root["Links"]?.link("Sessions") ?? service
        content.withLock { $0.service = Service(sessions: sessions.flatMap(address.path)) }
    }

    /// What must not be shown, should the BMC echo it: the password, and the tokens of this session
    /// and the one before.
    var secrets: [Secret] { content.withLock { secrets($0) } }

    private func secrets(_ content: Content) -> [Secret] {
        var secrets = [credentials.password]
        if case .open(let session, _) = content.state { secrets.append(session.token) }
        if let previous = content.previous { secrets.append(previous.token) }
        return secrets
    }

    /// Takes ``secrets`` out of what the BMC says.
    var mask: SecretMask {
        content.withLock { content in
            let secrets = secrets(content)
            if let known = content.mask, known.secrets == secrets { return known.mask }
            let mask = SecretMask(secrets)
            content.mask = (secrets, mask)
            return mask
        }
    }
}

// MARK: - In use

extension BMCSession {
    private enum Step {
        case use(Authorisation)
        case wait(SharedTask<Outcome>)
        case waitForLogout(SharedTask<Void>)
        case fail(RedfishFailure)
    }

    /// How to say who we are, after a login if one is due.
    func authorisation(
        over transport: BMCTransport
    ) async throws(RedfishFailure) -> Authorisation {
        while true {
            switch step(transport) {
            case .use(let authorisation): return authorisation
            case .fail(let failure): throw failure
            case .waitForLogout(let logout):
                guard await logout.value() != nil else { throw .cancelled }
            case .wait(let login):
                switch await login.value() {
                case .none: throw .cancelled
                case .failed(let failure, _), .denied(let failure): throw failure
                case .opened(let session): return .token(session.token)
                case .basic, .refused: return .basic(basicCredentials)
                }
            }
        }
    }

    private func step(_ transport: BMCTransport) -> Step {
        let now = time.uptime
        return content.withLock { content in
            switch content.state {
            case .open(let session, _): return .use(.token(session.token))
            case .loggingIn(let login, _): return .wait(login)
            case .loggingOut(let logout): return .waitForLogout(logout)
            case .ended: return .fail(RedfishFailure(.unreachable, "the BMC is not used any more"))
            case .refused(let end, let failure) where end > now:
                return .fail(Self.pausing(failure, until: end, now))
            case .basic(let end) where end > now: return .use(.basic(basicCredentials))
            case .trial: return .use(.basic(basicCredentials))
            case .refused where content.takesBasic && !content.honoursTokens:
                content.state = .trial
                return .use(.basic(basicCredentials))
            case .none, .refused, .basic: break
            }
            let login = SharedTask<Outcome>(wanted: .always) { [self] in
                let outcome = await logIn(over: transport)
                settle(outcome, transport)
                return outcome
            }
            content.state = .loggingIn(login, transport)
            return .wait(login)
        }
    }

    private func settle(_ outcome: Outcome, _ transport: BMCTransport) {
        let now = time.uptime
        content.withLock { content in
            if case .opened = outcome { content.accept() }
            // A logout that began meanwhile sees to what was opened.
            guard case .loggingIn = content.state else { return }
            switch outcome {
            case .opened(let session): content.state = .open(session, transport)
            case .basic(let pause): content.state = .basic(until: now + pause)
            case .refused:
                content.refusals += 1
                content.state = .trial
            case .denied(let failure):
                content.refusals += 1
                content.refuse(failure, at: now)
            case .failed(_, let pause):
                content.state = pause.map { .basic(until: now + $0) } ?? .none
            }
        }
    }

    /// What keeps a request from being sent: the BMC refused the same credentials while the
    /// request waited for its turn.
    func objection(to authorisation: Authorisation) -> RedfishFailure? {
        guard case .basic = authorisation else { return nil }
        let now = time.uptime
        return content.withLock { content in
            guard case .refused(let end, let failure) = content.state, end > now else { return nil }
            return Self.pausing(failure, until: end, now)
        }
    }

    /// Gives up a token that the BMC did not take: it has forgotten the session, or dropped
    /// it after a time without requests. False if another login would be of no use.
    func renew(after authorisation: Authorisation) -> Bool {
        guard case .token(let token) = authorisation else { return false }
        let now = time.uptime
        return content.withLock { content in
            guard case .open(let session, _) = content.state, session.token == token else {
                return true
            }
            if let end = content.noRenewal, end > now { return false }
            content.previous = session
            content.state = .none
            return true
        }
    }

    /// Notes what became of a request; `failure` is what a refusal of the credentials says.
    /// - Parameter isOpenToAll: whether it was for what a stranger is shown, too.
    func note(
        _ response: HTTPResponse, isOpenToAll: Bool, _ authorisation: Authorisation,
        _ failure: () -> RedfishFailure
    ) {
        // Busy says a BMC, and fails, before it looks at who asks.
        guard response.status < 500, response.status != 429 else { return }
        let isDenied = response.isUnauthenticated
        if isOpenToAll, !isDenied { return }
        let now = time.uptime
        switch authorisation {
        case .none: return
        case .basic where isDenied:
            let failure = failure()
            content.withLock { content in
                // A session that is open is to be ended some time.
                if case .open = content.state { return }
                content.refuse(failure, at: now)
            }
        case .basic:
            content.withLock { content in
                content.accept()
                content.takesBasic = true
                guard case .trial = content.state else { return }
                // Where sessions are known to work, one login was refused by mistake.
                let pause: Duration = content.honoursTokens ? .seconds(30) : .seconds(3600)
                content.state = .basic(until: now + pause)
            }
        case .token where !isDenied:
            content.withLock { content in
                content.previous = nil
                content.noRenewal = nil
                content.honoursTokens = true
            }
        case .token: break
        }
    }

    /// Whether a token that was not taken may be one that this BMC never honours, so that
    /// Basic credentials are worth a try.
    func doubts(_ authorisation: Authorisation) -> Bool {
        guard case .token(let token) = authorisation else { return false }
        let now = time.uptime
        return content.withLock { content in
            guard !content.honoursTokens, case .open(let session, _) = content.state,
                session.token == token
            else { return false }
            return content.beginTrial(at: now)
        }
    }

    /// Whether a command for which no token is taken is worth a try with Basic credentials.
    func doubtsCommands() -> Bool {
        let now = time.uptime
        return content.withLock { $0.beginTrial(at: now) }
    }

    /// Basic credentials were taken for a command where no token was.
    func noteBasicForCommands() { content.withLock { $0.commandsByBasic = true } }

    var sendsCommandsByBasic: Bool { content.withLock { $0.commandsByBasic } }

    /// Basic credentials were taken where a token was not: they are sent from now on.
    func noteUselessTokens() async {
        await close(forGood: false)
        let now = time.uptime
        content.withLock { content in
            if case .none = content.state { content.state = .basic(until: now + .seconds(3600)) }
        }
    }

    /// A fresh token was not taken either: it is about the resource, and the session
    /// before was good. Ends that one; for some time a 401 is taken as it is.
    func noteFutileRenewal(over transport: BMCTransport) async {
        let now = time.uptime
        let (previous, present) = content.withLock { content in
            content.noRenewal = now + .seconds(600)
            defer { content.previous = nil }
            guard case .open(let session, _) = content.state else {
                return (content.previous, Session?.none)
            }
            return (content.previous, session)
        }
        guard let place = previous?.place, let present, present.place != place else { return }
        await delete(place, as: .token(present.token), over: transport)
    }

    private static func pausing(
        _ failure: RedfishFailure, until end: Duration, _ now: Duration
    ) -> RedfishFailure {
        var failure = failure
        failure.text +=
            "; so as not to lock the account it is not tried again for "
            + (end - now).roundedText
        return failure
    }
}

// MARK: - At the end

extension BMCSession {
    /// Ends the session at the BMC, if there is one, also one that is being opened.
    /// - Parameter forGood: whether no request follows.
    func close(forGood: Bool) async {
        let logout: SharedTask<Void>? = content.withLock { content in
            content.isEnding = content.isEnding || forGood
            switch content.state {
            case .loggingOut(let logout): return logout
            case .none, .basic, .trial, .refused, .ended:
                content.state = content.isEnding ? .ended : .none
                return nil
            case .open(let session, let transport):
                let logout = SharedTask<Void>(wanted: .always) { [self] in
                    await logOut(session, over: transport)
                    finishLogout()
                }
                content.state = .loggingOut(logout)
                return logout
            case .loggingIn(let login, let transport):
                let logout = SharedTask<Void>(wanted: .always) { [self] in
                    if case .opened(let session)? = await login.value() {
                        await logOut(session, over: transport)
                    }
                    finishLogout()
                }
                content.state = .loggingOut(logout)
                return logout
            }
        }
        _ = await logout?.value()
    }

    private func finishLogout() {
        content.withLock { $0.state = $0.isEnding ? .ended : .none }
    }

    /// Takes no more requests, unless a session is open, being opened or being ended: then that
    /// has to be ended first, and the answer is false.
    func retire() -> Bool {
        content.withLock { content in
            switch content.state {
            case .open, .loggingIn, .loggingOut: return false
            case .none, .basic, .trial, .refused, .ended:
                content.state = .ended
                return true
            }
        }
    }
}
