import IPMIWire

@testable import IPMI

/// A line and a BMC, a clock that a test moves, and between them a net that does what a test wants.
struct LineRig {
    static let access = SessionAccess(
        username: Array("ADMIN".utf8), userKey: Array("ADMIN123".utf8), bmcKey: nil,
        privilege: .operator, suites: [.sha256, .sha1])

    var machine: LineMachine
    var bmc = SessionBMC()
    var now: Duration = .zero
    var results: [UInt64: Result<LANResponse, IPMIFailure>] = [:]
    /// What the line has for the log.
    var events: [LineEvent] = []
    /// All that the line sent.
    var sent: [[UInt8]] = []
    /// All that the BMC sent.
    var answered: [[UInt8]] = []
    /// Which packets of those that the line sends don't arrive, by their number from 1 on.
    var isLost: (Int) -> Bool = { _ in false }
    /// Which answers don't, by theirs.
    var isAnswerLost: (Int) -> Bool = { _ in false }
    /// What comes in place of an answer.
    var distort: ([UInt8]) -> [[UInt8]] = { [$0] }
    /// How long the BMC is at a datagram; it takes one after the other.
    var slowness: ([UInt8]) -> Duration = { _ in .zero }
    /// What the BMC has yet to answer, and when it does.
    private var backlog: [(end: Duration, datagram: [UInt8])] = []
    private var lastID: UInt64 = 0

    init(timing: IPMITiming = IPMITiming()) {
        machine = LineMachine(rules: LineRules(timing: timing))
    }

    /// With a session open, and nothing recorded.
    static var open: LineRig {
        var rig = LineRig()
        rig.ask()
        rig.sent = []
        rig.answered = []
        return rig
    }

    @discardableResult
    mutating func ask(
        _ command: some IPMICommand = Ask(), as access: SessionAccess = LineRig.access
    ) -> UInt64 {
        lastID += 1
        machine.ask(
            LineMachine.Ask(id: lastID, access: access, message: CommandMessage(command)), now)
        deliver()
        return lastID
    }

    mutating func cancel(_ id: UInt64) {
        machine.cancel(id, now)
        deliver()
    }

    mutating func close() {
        machine.close(now)
        deliver()
    }

    /// A packet could not be sent.
    mutating func fail(_ failure: IPMIFailure) {
        machine.fail(failure, now)
        deliver()
    }

    mutating func receive(_ datagram: [UInt8]) {
        machine.receive(datagram, now)
        deliver()
    }

    /// Moves the clock, and lets the line act whenever it wants to meanwhile.
    mutating func advance(by duration: Duration) {
        let end = now + duration
        while let next, next <= end {
            now = max(now, next)
            if let first = backlog.first, first.end <= now {
                backlog.removeFirst()
                answer(first.datagram)
            } else {
                machine.tick(now)
            }
            deliver()
        }
        now = end
    }

    /// When something happens next.
    private var next: Duration? {
        [machine.due, backlog.first?.end].compactMap(\.self).min()
    }

    /// Until a command is done, for at most a minute.
    mutating func finish(_ id: UInt64) -> Result<LANResponse, IPMIFailure>? {
        let end = now + .seconds(60)
        while results[id] == nil, let next, next <= end {
            advance(by: max(next - now, .zero))
        }
        return results[id]
    }

    private mutating func answer(_ datagram: [UInt8]) {
        for answer in bmc.answer(datagram) {
            answered.append(answer)
            guard !isAnswerLost(answered.count) else { continue }
            for packet in distort(answer) { machine.receive(packet, now) }
        }
    }

    private mutating func deliver() {
        var effects = machine.takeEffects()
        while !effects.isEmpty {
            for effect in effects {
                switch effect {
                case .finish(let id, let result): results[id] = result
                case .note(let event): events.append(event)
                case .send(let datagram):
                    sent.append(datagram)
                    guard !isLost(sent.count) else { continue }
                    let time = slowness(datagram)
                    guard time > .zero || !backlog.isEmpty else {
                        answer(datagram)
                        continue
                    }
                    backlog.append((max(now, backlog.last?.end ?? now) + time, datagram))
                }
            }
            effects = machine.takeEffects()
        }
    }
}

extension Result where Success == LANResponse, Failure == IPMIFailure {
    var failure: IPMIFailure? {
        if case .failure(let failure) = self { failure } else { nil }
    }

    var data: [UInt8]? {
        if case .success(let response) = self { response.data } else { nil }
    }
}
