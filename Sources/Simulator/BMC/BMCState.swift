internal import Core
internal import NIOCore

/// All that one BMC knows beyond its fixture, and how it answers. Does no I/O and knows no clock:
/// what has to happen later is asked for with ``takeTimers()``.
struct BMCState: Sendable {
    let index: Int
    /// The number, within the rack, of the device that the first system is.
    let firstDevice: Int
    let fixture: Fixture
    let settings: RackSettings
    var systems: [SystemState]
    var sessions = SessionTable()
    /// How many requests came so far.
    var arrivals = 0
    /// Counts the servers that stood here: what one was told does not concern the next.
    private(set) var generation = 0

    /// Changes of virtual media that are not shown yet, by the drive's path.
    var mediaInTheMaking: [String: MediaChange] = [:]

    /// What was changed in resources, by path.
    var changes: [String: ResourceChange] = [:]

    /// What the BMC's dialects remember.
    var memory = DialectMemory()

    /// What it knows over IPMI alone.
    var ipmi: IPMIState
    /// How the BMC differs from the standard.
    var dialects: Set<Dialect> {
        didSet { behaviours = Self.behaviours(of: dialects) }
    }
    private var behaviours: [any DialectBehaviour]

    init(index: Int, firstDevice: Int, fixture: Fixture, settings: RackSettings) {
        self.index = index
        self.firstDevice = firstDevice
        self.fixture = fixture
        self.settings = settings
        let configuration = settings.configuration
        ipmi = IPMIState(access: settings.ipmiAccess)
        dialects = configuration.dialects
        behaviours = Self.behaviours(of: configuration.dialects)
        systems = fixture.systems.map {
            SystemState(
                $0, power: configuration.initialPower, powerDelay: configuration.powerDelay,
                shutdownDelay: configuration.shutdownDelay)
        }
        let faults = Dialect.allCases.filter { configuration.dialects.contains($0) }
            .compactMap { PowerFault($0) }
        for index in systems.indices {
            systems[index].powerFault = configuration.powerFault ?? faults.first
        }
        prepareMedia()
    }

    /// Puts another server in the place of the first system's, with a BMC of its own.
    mutating func exchange(serialNumber: String, uuid: String) {
        generation += 1
        systems[0].exchange()
        sessions.closeAll()
        ipmi.end.closeAll()
        ipmi.end.guid = nil
        guard let resource = fixture.resource(at: fixture.systems[0].path) else { return }
        change(
            resource,
            merging: ["SerialNumber": .string(serialNumber), "UUID": .string(uuid)])
    }

    func speaks(_ dialect: Dialect) -> Bool {
        dialects.contains(dialect)
    }

    private static func behaviours(of dialects: Set<Dialect>) -> [any DialectBehaviour] {
        Dialect.allCases.filter(dialects.contains).compactMap(\.behaviour)
    }

    /// Carries out a request.
    mutating func answer(_ request: SimulatedRequest) -> SimulatedAnswer {
        if let refusal = refusal(of: request) { return refusal }
        var answer: SimulatedAnswer
        do {
            answer = try route(request)
        } catch {
            answer = error.answer()
        }
        for behaviour in behaviours { behaviour.change(&answer, to: request, &self) }
        return answer
    }

    private mutating func route(_ request: SimulatedRequest) throws(Refusal) -> SimulatedAnswer {
        let path = ResourcePath.canonical(request.path)
        let isRead = request.method == "GET" || request.method == "HEAD"
        // DSP0266, "Authentication": these are answered without authentication.
        if path == "/redfish", isRead {
            return SimulatedAnswer(status: 200, json: ["v1": .string(ResourcePath.root + "/")])
        }
        let sessionsPath = speaks(.noSessions) ? nil : fixture.sessionsPath
        let isLogin = request.method == "POST" && path == sessionsPath
        if !isLogin, !(isRead && path == ResourcePath.root) { try authorise(request) }
        for behaviour in behaviours {
            if let answer = try behaviour.answer(request, &self) { return answer }
        }

        if let sessionsPath, path.hasPrefix(sessionsPath) {
            let rest = path.dropFirst(sessionsPath.count)
            if rest.isEmpty { return try answerSessions(request, at: sessionsPath) }
            if rest.first == "/" { return try answerSession(request, id: String(rest.dropFirst())) }
        }
        if path == fixture.eventsPath { return try answerEvents(request) }
        if !isRead, let system = systemIndex(resetAt: path) {
            return try reset(system, request)
        }
        guard !isHidden(path) else { throw .missing(request.path) }
        if !isRead, let (drive, action) = mediaAction(at: path) {
            return try answer(action, of: drive, request)
        }
        if isRead, let query = request.query, let page = fixture.page(at: path, query: query) {
            return try read(page, query: nil)
        }
        guard let resource = fixture.resource(at: path) else {
            guard isRead, let answer = fixture.answer(at: path) else {
                throw .missing(request.path)
            }
            return try Self.repeated(answer, request)
        }
        if isRead { noteLook(at: resource) }
        switch request.method {
        case "PATCH" where fixture.media.drive(at: resource.path) != nil:
            return try patchMedia(resource, request)
        case "GET", "HEAD": return try read(resource, query: request.query)
        case "PATCH" where isChangeable(resource): return try patch(resource, request)
        default:
            throw .methodNotAllowed(
                request.method, request.path,
                allow: isChangeable(resource) ? "GET, HEAD, PATCH" : "GET, HEAD")
        }
    }

    private static func repeated(
        _ answer: RecordedAnswer, _ request: SimulatedRequest
    ) throws(Refusal) -> SimulatedAnswer {
        guard answer.status < 400 else { throw .recorded(answer.status, request.path) }
        let headers = answer.contentType.map { [(name: "Content-Type", value: $0)] } ?? []
        return SimulatedAnswer(status: answer.status, headers: headers, body: answer.body)
    }

    // DSP0266, "Server-sent events": a GET opens the stream.
    private func answerEvents(_ request: SimulatedRequest) throws(Refusal) -> SimulatedAnswer {
        guard !speaks(.noEvents) else { throw .missing(request.path) }
        guard request.method == "GET" else {
            throw .methodNotAllowed(request.method, request.path, allow: "GET")
        }
        var answer = SimulatedAnswer(status: 200)
        answer.opensEventStream = true
        return answer
    }

    private func isChangeable(_ resource: FixtureResource) -> Bool {
        !resource.isCollection && resource.path != ResourcePath.root
    }

    private func systemIndex(resetAt path: String) -> Int? {
        let folded = path.lowercased()
        return fixture.systems.firstIndex { $0.resetTarget?.lowercased() == folded }
    }

    // MARK: - What the outside has to see to

    /// The timers to start: after `delay`, ``SystemState/elapse(generation:)`` is due.
    mutating func takeTimers() -> [(system: Int, generation: Int, delay: Duration)] {
        var timers: [(system: Int, generation: Int, delay: Duration)] = []
        for index in systems.indices {
            guard let timer = systems[index].takeTimer() else { continue }
            timers.append((index, timer.generation, timer.delay))
        }
        return timers
    }

    /// The timers to start for commands that are carried out late: after `delay`,
    /// ``SystemState/carryOutLate(_:)`` is due.
    mutating func takeLateTimers() -> [(system: Int, number: Int, delay: Duration)] {
        systems.indices.flatMap { index in
            systems[index].takeLateTimers().map { (index, $0.number, $0.delay) }
        }
    }

    /// The power states that systems reached since this was last called.
    mutating func takePassed() -> [(system: Int, power: PowerState)] {
        var passed: [(system: Int, power: PowerState)] = []
        for index in systems.indices {
            passed += systems[index].takePassed().map { (index, $0) }
        }
        return passed
    }
}
