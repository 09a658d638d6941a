public import Core
internal import Locking
internal import NIOCore

/// One BMC of a ``SimulatedRack``: what a test sees of it, and does to it.
public final class SimulatedBMC: Sendable {
    /// Its number in the rack, from 0.
    public let index: Int

    /// The number, within the rack, of the device that the first system is.
    let firstDevice: Int
    let loop: any EventLoop
    let settings: RackSettings
    private let state: Mutex<BMCState>
    private let wire: Mutex<Wire>
    private let waiters = Mutex(PowerWaiters())
    private let feed = Mutex(EventFeed())
    private let systemCount: Int

    init(
        index: Int, firstDevice: Int, fixture: Fixture, settings: RackSettings, loop: any EventLoop
    ) {
        self.index = index
        self.firstDevice = firstDevice
        self.loop = loop
        self.settings = settings
        systemCount = fixture.systems.count
        state = Mutex(
            BMCState(index: index, firstDevice: firstDevice, fixture: fixture, settings: settings))
        wire = Mutex(Wire(host: "127.0.0.1", port: 0))
    }

    var hasRedfish: Bool { settings.configuration.protocols.hasRedfish(bmc: index) }
    var hasIPMI: Bool { settings.configuration.protocols.hasIPMI(bmc: index) }

    /// The systems that it manages. Over IPMI there is the first alone.
    public var systems: [SimulatedSystem] {
        (0..<systemCount).map { SimulatedSystem(bmc: self, index: $0) }
    }

    /// The fixture that it is served from.
    public var fixture: Fixture { state.withLock { $0.fixture } }

    /// Where it listens, once the rack has started: `https://127.23.0.1:40001`.
    public var url: String {
        let (host, port) = wire.withLock { ($0.host, $0.port) }
        return "\(settings.configuration.https ? "https" : "http")://\(host):\(port)"
    }

    /// The loopback address that it listens on, once the rack has started.
    public var host: String { wire.withLock { $0.host } }

    /// The port that it listens on, once the rack has started.
    public var port: Int { wire.withLock { $0.port } }

    /// The last requests, the last last; ``RackConfiguration/requestLogLimit`` says how many.
    public var requests: [LoggedRequest] {
        wire.withLock { Array($0.log.suffix(settings.configuration.requestLogLimit)) }
    }

    public var statistics: BMCStatistics {
        var statistics = wire.withLock { $0.statistics }
        let sessions = withState { $0.sessions }
        statistics.sessions = sessions.created
        statistics.openSessions = sessions.count
        statistics.mostSessions = sessions.most
        statistics.refusedLogins = sessions.refusedLogins
        return statistics
    }

    /// How it differs from the standard. What a dialect has changed already stays.
    public var dialects: Set<Dialect> {
        get { withState { $0.dialects } }
        set {
            withState { state in
                state.dialects = newValue
                let fault = Dialect.allCases.filter(newValue.contains).lazy
                    .compactMap { PowerFault($0) }.first
                for index in state.systems.indices { state.systems[index].powerFault = fault }
            }
        }
    }

    /// How many sessions clients hold over Redfish.
    public var sessionCount: Int { withState { $0.sessions.count } }

    /// Forgets all sessions, as a BMC does that restarts.
    public func endSessions() {
        withState { state in
            state.sessions.closeAll()
            state.ipmi.end.closeAll()
        }
    }

    /// Has other programs take all sessions that are left.
    public func fillSessions() {
        withState { state in
            while state.sessions.open(userName: "other", limit: state.sessionLimit) != nil {}
            state.ipmi.end.takeRemainingSlots()
        }
    }

    /// Merges properties into a resource, unchecked: for faults that have no control of their own.
    ///
    /// - Throws: ``SimulatorError/unknownResource(_:)``.
    public func change(_ path: String, merging properties: JSONObject) throws(SimulatorError) {
        let isKnown = withState { state in
            guard let resource = state.fixture.resource(at: ResourcePath.canonical(path))
            else { return false }
            state.change(resource, merging: properties)
            return true
        }
        if !isKnown { throw .unknownResource("the fixture has no resource \(path)") }
    }

    /// Has every request go through `hook`; nil for none.
    public func onRequest(_ hook: RequestHook?) {
        wire.withLock { $0.hook = hook }
    }

    /// Holds requests until the gate is opened.
    public func hold(
        at point: RequestGate.Point = .beforeExecution,
        where isMeant: @escaping @Sendable (SimulatedRequest) -> Bool = { _ in true }
    ) -> RequestGate {
        let gate = RequestGate(at: point, where: isMeant)
        wire.withLock { $0.gates.append(gate) }
        return gate
    }

    // MARK: - State and its timers

    /// Looks at or changes the state, and sees to what follows from that.
    func withState<Result: Sendable>(_ body: (inout BMCState) -> Result) -> Result {
        let (result, timers, late, passed) = state.withLock { state in
            let result = body(&state)
            return (result, state.takeTimers(), state.takeLateTimers(), state.takePassed())
        }
        for (system, number, delay) in late {
            loop.scheduleTask(in: TimeAmount(delay)) { [weak self] in
                self?.withState { $0.systems[system].carryOutLate(number) }
            }
        }
        for timer in timers {
            let (system, generation) = (timer.system, timer.generation)
            loop.scheduleTask(in: TimeAmount(timer.delay)) { [weak self] in
                self?.withState { $0.systems[system].elapse(generation: generation) }
            }
        }
        if !passed.isEmpty {
            for promise in waiters.withLock({ $0.take(passed) }) { promise.succeed() }
            for (system, power) in passed {
                SimulatedEvent.power(power, of: systems[system].path).map(emit)
            }
        }
        return result
    }

    func waitForPower(_ power: PowerState, of system: Int, timeout: Duration) async throws {
        let promise = loop.makePromise(of: Void.self)
        let id = waiters.withLock { $0.add(promise, system: system, power: power) }
        // Looked at after the waiter is in place, so that no change falls between.
        if withState({ $0.systems[system].power.reported }) == power {
            waiters.withLock { $0.remove(id) }?.succeed()
        }
        let alarm = loop.scheduleTask(in: TimeAmount(timeout)) { [self] in
            let last = withState { $0.systems[system].power.reported }
            waiters.withLock { $0.remove(id) }?.fail(
                SimulatorError.timeout(
                    "\(url): system \(system) is \(last.rawValue), not \(power.rawValue), "
                        + "after \(timeout)"))
        }
        defer { alarm.cancel() }
        try await promise.futureResult.get()
    }

    func withFeed<Result: Sendable>(_ body: (inout EventFeed) -> Result) -> Result {
        feed.withLock { body(&$0) }
    }

    func withWire<Result: Sendable>(_ body: (inout Wire) -> Result) -> Result {
        wire.withLock { body(&$0) }
    }
}
