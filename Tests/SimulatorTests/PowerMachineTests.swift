import Core
import Testing

@testable import Simulator

@Suite("How power moves")
struct PowerMachineTests {
    /// Lets all delays pass.
    /// - Returns: the power states on the way, the first included, and how often it booted.
    private func run(_ machine: inout PowerMachine) -> (states: [PowerState], boots: Int) {
        var states = [machine.reported]
        var boots = 0
        while machine.delay != nil {
            if machine.elapse() { boots += 1 }
            if states.last != machine.reported { states.append(machine.reported) }
        }
        return (states, boots)
    }

    @Test(
        "a system that is off takes only what turns it on",
        arguments: [
            (ResetType.on, true), (.forceOn, true), (.pushPowerButton, true), (.forceOff, false),
            (.gracefulShutdown, false), (.gracefulRestart, false), (.forceRestart, false),
            (.powerCycle, false), (.nmi, false), (.off, false),
        ])
    func whenOff(_ reset: ResetType, turnsOn: Bool) {
        var machine = PowerMachine(.off)
        #expect(machine.receive(reset) == (turnsOn ? .accepted : .noEffect))
        let run = run(&machine)
        #expect(run.states == (turnsOn ? [.poweringOn, .on] : [.off]))
        #expect(run.boots == (turnsOn ? 1 : 0))
    }

    @Test(
        "a system that is on moves as the reset type says",
        arguments: [
            (ResetType.forceOff, [PowerState.poweringOff, .off], 0),
            (.gracefulShutdown, [.on, .poweringOff, .off], 0),
            (.off, [.on, .poweringOff, .off], 0),
            (.pushPowerButton, [.on, .poweringOff, .off], 0),
            (.gracefulRestart, [.on], 1),
            (.forceRestart, [.on], 1),
            (.powerCycle, [.poweringOff, .poweringOn, .on], 1),
            (.fullPowerCycle, [.poweringOff, .poweringOn, .on], 1),
            (.nmi, [.on], 0),
        ])
    func whenOn(_ reset: ResetType, states: [PowerState], boots: Int) {
        var machine = PowerMachine(.on)
        #expect(machine.receive(reset) == .accepted)
        let run = run(&machine)
        #expect(run.states == states)
        #expect(run.boots == boots)
    }

    @Test("turning on what is on has no effect", arguments: [ResetType.on, .forceOn])
    func onWhenOn(_ reset: ResetType) {
        var machine = PowerMachine(.on)
        #expect(machine.receive(reset) == .noEffect)
        #expect(machine.delay == nil)
    }

    @Test("a forced power-off ends a graceful one")
    func forceDuringShutdown() {
        var machine = PowerMachine(.on)
        _ = machine.receive(.gracefulShutdown)
        #expect(machine.delay == .shutdown)
        #expect(machine.receive(.forceOff) == .accepted)
        #expect(machine.delay == .power)
        #expect(run(&machine).states == [.poweringOff, .off])
    }

    @Test("a system that shuts down still counts as on, so that turning it on has no effect")
    func onDuringShutdown() {
        var machine = PowerMachine(.on)
        _ = machine.receive(.gracefulShutdown)
        #expect(machine.receive(.on) == .noEffect)
        #expect(run(&machine).states == [.on, .poweringOff, .off])
    }

    @Test("a system that powers off can't be turned on until it is off")
    func onDuringPowerOff() {
        var machine = PowerMachine(.on)
        _ = machine.receive(.forceOff)
        #expect(machine.receive(.on) == .inTransition)
        #expect(run(&machine).states == [.poweringOff, .off])
        #expect(machine.receive(.on) == .accepted)
    }

    @Test("a power-off while powering on wins, and nothing boots")
    func offDuringPowerOn() {
        var machine = PowerMachine(.off)
        _ = machine.receive(.on)
        #expect(machine.receive(.forceOff) == .accepted)
        let run = run(&machine)
        #expect(run.states == [.poweringOff, .off])
        #expect(run.boots == 0)
    }

    @Test("a power-off in the middle of a power cycle leaves the system off")
    func offDuringCycle() {
        var machine = PowerMachine(.on)
        _ = machine.receive(.powerCycle)
        #expect(machine.receive(.forceOff) == .accepted)
        #expect(run(&machine).states == [.poweringOff, .off])
    }

    @Test("every change of phase has a generation of its own")
    func generations() {
        var machine = PowerMachine(.off)
        let start = machine.generation
        _ = machine.receive(.on)
        #expect(machine.generation == start + 1)
        _ = machine.receive(.on)
        #expect(machine.generation == start + 1)
        machine.force(.off)
        #expect(machine.generation == start + 2)
    }
}
