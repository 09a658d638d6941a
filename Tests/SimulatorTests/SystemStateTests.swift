import Core
import Testing

@testable import Simulator

@Suite("A system's state")
struct SystemStateTests {
    private static func state(shutdownDelay: Duration? = .seconds(2)) -> SystemState {
        let recorded = FixtureSystem(path: "/s", recorded: ["PowerState": "Off"]) { _ in nil }
        return SystemState(
            recorded, power: nil, powerDelay: .seconds(1), shutdownDelay: shutdownDelay)
    }

    @Test("each phase asks for its timer once")
    func timers() throws {
        var state = Self.state()
        let none = state.takeTimer()
        #expect(none?.generation == nil)
        _ = state.receive(.on)
        let asked = state.takeTimer()
        let timer = try #require(asked)
        #expect(timer.delay == .seconds(1))
        let again = state.takeTimer()
        #expect(again?.generation == nil)
        state.elapse(generation: timer.generation)
        #expect(state.power.reported == .on)
        let passed = [state.takePassed(), state.takePassed()]
        #expect(passed == [[.poweringOn, .on], []])
        _ = state.receive(.gracefulShutdown)
        let shutdown = state.takeTimer()
        #expect(shutdown?.delay == .seconds(2))
    }

    @Test("a timer of an earlier phase does nothing")
    func staleTimer() throws {
        var state = Self.state()
        _ = state.receive(.on)
        let asked = state.takeTimer()
        let stale = try #require(asked)
        state.forcePower(.off)
        _ = state.receive(.on)
        state.elapse(generation: stale.generation)
        #expect(state.power.reported == .poweringOn)
        #expect(state.bootsFrom.isEmpty)
    }

    @Test("an operating system that does not react asks for no timer")
    func noReaction() {
        var state = Self.state(shutdownDelay: nil)
        state.forcePower(.on)
        _ = state.receive(.gracefulShutdown)
        let timer = state.takeTimer()
        #expect(timer?.generation == nil)
        #expect(state.power.reported == .on)
    }

    @Test("every change that clients can see is a new revision")
    func revisions() {
        var state = Self.state()
        var revisions = [state.revision]
        _ = state.receive(.on)
        revisions.append(state.revision)
        state.setHealth(.warning, reason: nil)
        revisions.append(state.revision)
        state.setBoot(BootSettings([:]))
        revisions.append(state.revision)
        #expect(revisions == revisions.sorted())
        #expect(Set(revisions).count == 4)
    }

    @Test("the history of resets is bounded")
    func history() {
        var state = Self.state()
        state.forcePower(.on)
        for _ in 0..<(SystemState.historyLimit + 10) { _ = state.receive(.nmi) }
        #expect(state.resets.count == SystemState.historyLimit)
    }
}
