import Core
import IPMIWire

@testable import Simulator

/// A BMC without a network, and with a clock that stands still until a test moves it.
final class TestBMC {
    var state: BMCState
    var now = IPMIMoment(uptime: .seconds(1_000), time: 1_800_000_000)

    init(
        fixture: Fixture? = nil, _ configure: (inout RackConfiguration) -> Void = { _ in }
    ) throws {
        var configuration = RackConfiguration(count: 1)
        configuration.protocols = .both
        configuration.credentials = Credentials(username: "admin", password: Secret("secret"))
        configuration.powerDelay = .zero
        configuration.shutdownDelay = .zero
        configuration.initialPower = .off
        configure(&configuration)
        state = BMCState(
            index: 0, firstDevice: 0, fixture: try fixture ?? SyntheticServer.fixture,
            settings: try RackSettings(configuration))
    }

    /// Brings a datagram in and carries out what it asks for.
    func carry(_ datagram: [UInt8]) -> [UInt8]? {
        defer { _ = state.takeTimers() }
        switch state.receive(datagram, at: now) {
        case .none: return nil
        case .reply(let answer): return answer
        case .command(let arrival): return state.carryOut(arrival, at: now)
        }
    }

    func pass(_ time: Duration) {
        now.uptime += time
        now.time += UInt32(time.components.seconds)
    }

    var statistics: IPMIStatistics { state.ipmi.end.statistics }

    /// A console that has opened a session and raised it to its privilege.
    func console(_ configure: (inout TestConsole) -> Void = { _ in }) throws -> TestConsole {
        var console = TestConsole()
        configure(&console)
        try console.open(carry)
        _ = try console.perform(SetSessionPrivilegeLevel(level: console.privilege), carry)
        return console
    }
}
