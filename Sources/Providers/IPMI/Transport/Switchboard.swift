internal import Core
internal import IPMIWire
internal import Logging
internal import NIOCore

/// The lines to all BMCs, on one event loop and confined to it: sockets, timers, callers.
final class Switchboard {
    typealias Outcome = Result<LANResponse, IPMIFailure>
    typealias Caller = CheckedContinuation<Outcome, Never>

    /// A BMC that is spoken to.
    private final class Line {
        let address: SocketAddress
        /// As the first who spoke to it calls it.
        let endpoint: IPMIEndpoint
        let socket: UDPSocket
        var machine: LineMachine
        /// The earliest moment at which the line stands in the queue of deadlines.
        var armed: Duration?
        /// Whether nothing is to be kept once all is quiet.
        var isForgotten = false

        init(
            address: SocketAddress, endpoint: IPMIEndpoint, socket: UDPSocket, machine: LineMachine
        ) {
            self.address = address
            self.endpoint = endpoint
            self.socket = socket
            self.machine = machine
        }
    }

    /// Who waits for a command, and at which BMC it is, once that is known.
    private struct Waiting {
        let caller: Caller
        let endpoint: IPMIEndpoint
        var address: SocketAddress?
    }

    private enum Place {
        case resolving([LineMachine.Ask])
        case at(SocketAddress)
    }

    /// How many BMCs share a socket: their answers, all at once, fit into the buffer that a system
    /// grants by default (212,992 bytes, in which a small datagram takes some 800).
    private static let linesPerSocket = 256
    private static let socketLimit = 32

    private let loop: any EventLoop
    private let time: any TimeSource
    private let rules: LineRules
    private let logger: Logger?
    private let resolver: HostResolver
    private var lines: [SocketAddress: Line] = [:]
    private var places: [IPMIEndpoint: Place] = [:]
    private var waiting: [UInt64: Waiting] = [:]
    private var sockets: [SocketAddress: [UDPSocket]] = [:]
    private var lineCount = 0
    private var deadlines = DeadlineQueue<SocketAddress>()
    private var alarm: (time: Duration, scheduled: Scheduled<Void>)?
    private var ending: EventLoopPromise<Void>?

    init(loop: any EventLoop, time: any TimeSource, rules: LineRules, logger: Logger?) {
        self.loop = loop
        self.time = time
        self.rules = rules
        self.logger = logger
        resolver = HostResolver(loop: loop)
    }

    /// How many sessions are open.
    var sessionCount: Int { lines.values.count { $0.machine.hasSession } }

    /// By which the session with a BMC is told from others; nil while none is open.
    func session(at endpoint: IPMIEndpoint) -> UInt32? {
        guard case .at(let address) = places[endpoint] else { return nil }
        return lines[address]?.machine.sessionID
    }
}

// MARK: - Callers

extension Switchboard {
    func ask(_ ask: LineMachine.Ask, at endpoint: IPMIEndpoint, _ caller: Caller) {
        guard ending == nil else {
            caller.resume(returning: .failure(.closed))
            return
        }
        waiting[ask.id] = Waiting(caller: caller, endpoint: endpoint)
        switch places[endpoint] {
        case .at(let address): self.ask(ask, at: address, endpoint)
        case .resolving(let asks): places[endpoint] = .resolving(asks + [ask])
        case nil:
            places[endpoint] = .resolving([ask])
            resolver.resolve(endpoint) { [self] result in resolved(endpoint, result) }
        }
    }

    func cancel(_ id: UInt64) {
        guard let waiter = waiting[id] else { return }
        if let address = waiter.address {
            with(address) { $0.cancel(id, $1) }
        } else if case .resolving(var asks) = places[waiter.endpoint] {
            asks.removeAll { $0.id == id }
            places[waiter.endpoint] = .resolving(asks)
            finish(id, .failure(.cancelled(mayHaveActed: false)))
        }
    }

    /// Closes the session with a BMC and drops what is known of it; who waits is told.
    func forget(_ endpoint: IPMIEndpoint) {
        switch places.removeValue(forKey: endpoint) {
        case .resolving(let asks):
            for ask in asks { finish(ask.id, .failure(.closed)) }
        case .at(let address):
            lines[address]?.isForgotten = true
            with(address) { $0.close($1) }
        case nil: break
        }
    }

    /// Closes all sessions, and then the sockets.
    /// - Parameter promise: kept when that is done, or has taken too long.
    func shutDown(_ promise: EventLoopPromise<Void>) {
        if let ending {
            ending.futureResult.cascade(to: promise)
            return
        }
        ending = promise
        for endpoint in Array(places.keys) { forget(endpoint) }
        for address in Array(lines.keys) {
            lines[address]?.isForgotten = true
            with(address) { $0.close($1) }
        }
        let limit = TimeAmount.nanoseconds(rules.timing.closing.nanoseconds)
        let bound = loop.assumeIsolated().scheduleTask(in: limit) { self.end() }
        promise.futureResult.assumeIsolated().whenComplete { _ in bound.cancel() }
        if lines.isEmpty { end() }
    }

    private func end() {
        alarm?.scheduled.cancel()
        alarm = nil
        for socket in sockets.values.joined() { socket.close() }
        sockets = [:]
        lines = [:]
        ending?.succeed()
    }

    private func finish(_ id: UInt64, _ outcome: Outcome) {
        guard let waiter = waiting.removeValue(forKey: id) else { return }
        // A BMC that is silent and has a name may have another address by now.
        if case .failure(.silent) = outcome, case .at = places[waiter.endpoint],
            !waiter.endpoint.isAddress
        {
            places[waiter.endpoint] = nil
        }
        waiter.caller.resume(returning: outcome)
    }

    private func resolved(_ endpoint: IPMIEndpoint, _ result: Result<SocketAddress, IPMIFailure>) {
        guard case .resolving(let asks) = places[endpoint] else { return }
        switch result {
        case .failure(let failure):
            places[endpoint] = nil
            for ask in asks { finish(ask.id, .failure(failure)) }
        case .success(let address):
            places[endpoint] = .at(address)
            for ask in asks { self.ask(ask, at: address, endpoint) }
        }
    }
}

// MARK: - Lines

extension Switchboard {
    private func ask(
        _ ask: LineMachine.Ask, at address: SocketAddress, _ endpoint: IPMIEndpoint
    ) {
        if lines[address] == nil {
            lines[address] = Line(
                address: address, endpoint: endpoint, socket: socket(for: address),
                machine: LineMachine(rules: rules))
        }
        lines[address]?.isForgotten = false
        waiting[ask.id]?.address = address
        with(address) { $0.ask(ask, $1) }
    }

    /// Sockets are taken into use as the number of BMCs grows.
    private func socket(for address: SocketAddress) -> UDPSocket {
        let local = address.anyLocal
        let index = lineCount / Self.linesPerSocket % Self.socketLimit
        lineCount += 1
        if let sockets = sockets[local], index < sockets.count { return sockets[index] }
        let socket = UDPSocket(loop: loop, local: local) { [weak self] address, datagram in
            self?.with(address) { $0.receive(datagram, $1) }
        }
        sockets[local, default: []].append(socket)
        return socket
    }

    /// Has a line's machine take an event, and does what follows from it.
    private func with(
        _ address: SocketAddress, _ event: (inout LineMachine, Duration) -> Void
    ) {
        guard let line = lines[address] else { return }
        event(&line.machine, time.uptime)
        for effect in line.machine.takeEffects() {
            switch effect {
            case .finish(let id, let result): finish(id, result)
            case .note(let event):
                if let logger { event.log(to: logger, bmc: line.endpoint) }
            case .send(let datagram):
                line.socket.send(datagram, to: address) { [weak self] error in
                    self?.with(address) { $0.fail(.unsendable(error), $1) }
                }
            }
        }
        arm(line)
        guard line.isForgotten, line.machine.isQuiet else { return }
        lines[address] = nil
        if ending != nil, lines.isEmpty { end() }
    }
}

// MARK: - Time

extension Switchboard {
    private func arm(_ line: Line) {
        guard let due = line.machine.due, line.armed.map({ due < $0 }) ?? true else { return }
        line.armed = due
        deadlines.insert(line.address, at: due)
        setAlarm()
    }

    /// One timer of the event loop serves all lines.
    private func setAlarm() {
        guard let first = deadlines.first else { return }
        if let alarm, alarm.time <= first { return }
        alarm?.scheduled.cancel()
        let delay = max(first - time.uptime, .zero)
        let scheduled = loop.assumeIsolated().scheduleTask(in: .nanoseconds(delay.nanoseconds)) {
            self.alarm = nil
            self.tick()
        }
        alarm = (first, scheduled)
    }

    /// Does what is due by the clock.
    func tick() {
        let now = time.uptime
        while let (address, moment) = deadlines.pop(at: now) {
            // A place in the queue that a nearer one has replaced says nothing.
            guard let line = lines[address], line.armed == moment else { continue }
            line.armed = nil
            with(address) { $0.tick($1) }
        }
        setAlarm()
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}

extension SocketAddress {
    /// Any port of any of the machine's own addresses of the same family.
    fileprivate var anyLocal: SocketAddress {
        let wildcard = self.protocol == .inet6 ? "::" : "0.0.0.0"
        // An address in digits can always be read.
        return (try? SocketAddress(ipAddress: wildcard, port: 0)) ?? self
    }
}
