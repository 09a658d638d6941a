import Core
import IPMIWire
import Locking
import Randomness

@testable import IPMI
@testable import Simulator

/// A line and a simulated BMC, with a net between them that loses, doubles and delays datagrams, and
/// a clock that skips what nothing happens in. All that is random follows from a seed.
struct LossyLine {
    /// A datagram on its way.
    private struct Flight {
        let arrival: Duration
        let isForBMC: Bool
        let datagram: [UInt8]
    }

    static let access = SessionAccess(
        username: Array("admin".utf8), userKey: Array("lossy-hush".utf8), bmcKey: nil,
        privilege: .administrator, suites: [.sha256, .sha1])

    private(set) var machine: LineMachine
    private(set) var now: Duration = .zero
    private(set) var events: [LineEvent] = []
    private var bmc: BMCState
    private var path: ImpairedPath
    private var flights: [Flight] = []
    private var results: [UInt64: Result<LANResponse, IPMIFailure>] = [:]
    private var lastID: UInt64 = 0

    /// - Parameter number: the BMC's, so that not all have the same luck.
    init(_ impairment: Impairment, number: Int, timing: IPMITiming = IPMITiming()) throws {
        var configuration = RackConfiguration(count: 1)
        configuration.protocols = .ipmi
        configuration.credentials = Credentials(
            username: "admin", password: Secret("lossy-hush"))
        configuration.initialPower = .off
        bmc = BMCState(
            index: number, firstDevice: 0, fixture: try SyntheticServer.fixture,
            settings: try RackSettings(configuration))
        path = ImpairedPath(impairment, number: number)
        let numbers = SeededBytes(seed: impairment.seed &* 1_000_003 &+ UInt64(number))
        machine = LineMachine(
            rules: LineRules(timing: timing, random: { numbers.next($0) }))
    }

    var statistics: IPMIStatistics { bmc.ipmi.end.statistics }

    /// Changes the power by hand.
    mutating func setPower(_ power: PowerState) {
        bmc.systems[BMCState.chassisSystem].forcePower(power)
    }

    /// Asks, and lets time pass until there is an outcome.
    mutating func perform(_ command: some IPMICommand) -> Result<LANResponse, IPMIFailure>? {
        lastID += 1
        machine.ask(
            LineMachine.Ask(id: lastID, access: Self.access, message: CommandMessage(command)), now)
        takeEffects()
        while results[lastID] == nil, step() {}
        return results.removeValue(forKey: lastID)
    }

    /// Lets time pass.
    mutating func rest(_ duration: Duration) {
        let end = now + duration
        while let next, next <= end { _ = step() }
        now = end
    }

    private var next: Duration? {
        let arrival = flights.map(\.arrival).min()
        guard let due = machine.due else { return arrival }
        return min(arrival ?? due, due)
    }

    /// Does what comes next; false if nothing ever does.
    private mutating func step() -> Bool {
        guard let next else { return false }
        now = max(now, next)
        if let place = flights.indices.min(by: { flights[$0].arrival < flights[$1].arrival }),
            flights[place].arrival <= now
        {
            let flight = flights.remove(at: place)
            if flight.isForBMC {
                let moment = IPMIMoment(uptime: now, time: 1_800_000_000)
                let action = bmc.receive(flight.datagram, at: moment)
                if let answer = bmc.answer(action, .proceed, at: moment) {
                    send(answer, isForBMC: false)
                }
            } else {
                machine.receive(flight.datagram, now)
            }
        } else {
            machine.tick(now)
        }
        takeEffects()
        return true
    }

    private mutating func takeEffects() {
        for effect in machine.takeEffects() {
            switch effect {
            case .send(let datagram): send(datagram, isForBMC: true)
            case .finish(let id, let result): results[id] = result
            case .note(let event): events.append(event)
            }
        }
    }

    private mutating func send(_ datagram: [UInt8], isForBMC: Bool) {
        flights += path.arrivals().map {
            Flight(arrival: now + $0, isForBMC: isForBMC, datagram: datagram)
        }
    }
}

/// Bytes that follow from a seed, for whoever may ask from anywhere.
private final class SeededBytes: Sendable {
    private let numbers: Mutex<SeededNumbers>

    init(seed: UInt64) {
        numbers = Mutex(SeededNumbers(seed: seed))
    }

    func next(_ count: Int) -> [UInt8] {
        numbers.withLock { numbers in
            (0..<count).map { _ in UInt8(truncatingIfNeeded: numbers.next() >> 32) }
        }
    }
}
