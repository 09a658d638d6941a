import Core
import Locking
import Testing

@testable import IPMI
@testable import IPMIWire

@Suite struct IPMIPowerTests {
    @Test(
        "a power command is one chassis control",
        arguments: [
            (PowerCommand.on, false, "chassis control 01"),
            (.gracefulOff, true, "chassis control 05"), (.forceOff, true, "chassis control 00"),
            (.cycle, true, "chassis control 02"), (.reset, true, "chassis control 03"),
        ])
    func commands(command: PowerCommand, isOn: Bool, sent: String) async throws {
        let rig = ProviderRig { $0.isOn = isOn }
        try await rig.provider.setPower(command, of: rig.device)
        #expect(rig.bmc.log == [sent])
    }

    @Test("a device that is in the wanted state already is told nothing")
    func nothingToDo() async throws {
        let on = ProviderRig { $0.isOn = true }
        try await on.provider.setPower(.on, of: on.device)
        let off = ProviderRig()
        try await off.provider.setPower(.forceOff, of: off.device)
        try await off.provider.setPower(.gracefulOff, of: off.device)
        #expect(on.bmc.log.isEmpty && off.bmc.log.isEmpty)
    }

    @Test(
        "a device that is off is neither cycled nor reset",
        arguments: [PowerCommand.cycle, .reset])
    func cycleOff(command: PowerCommand) async {
        let rig = ProviderRig()
        let error = await rig.error { provider, device throws(ProviderError) in
            try await provider.setPower(command, of: device)
        }
        #expect(error == ProviderError(.refused, "\(command.title) refused: the device is Off"))
        #expect(rig.bmc.log.isEmpty)
    }

    // Dell's iDRAC, as bmclib's issues 382 and 223 tell, answers 0xD5 to "down" of what is down.
    @Test("a refusal because the device is in the wanted state is no error")
    func alreadyThere() async throws {
        let rig = ProviderRig { state in
            state.isOn = false
            state.staleLooks = 1
            state.faults["chassis control 00"] = [.refuse(.notInThisState)]
        }
        try await rig.provider.setPower(.forceOff, of: rig.device)
        #expect(rig.bmc.log == ["chassis control 00"])
    }

    @Test("a refusal about a state that passes is tried again, once")
    func passingState() async throws {
        let rig = ProviderRig { $0.faults["chassis control 01"] = [.refuse(.notInThisState)] }
        try await rig.provider.setPower(.on, of: rig.device)
        #expect(rig.bmc.log == ["chassis control 01", "chassis control 01"])
        let stubborn = ProviderRig {
            $0.faults["chassis control 01"] = Array(repeating: .refuse(.notInThisState), count: 9)
        }
        let error = await stubborn.error { provider, device throws(ProviderError) in
            try await provider.setPower(.on, of: device)
        }
        #expect(error?.kind == .refused)
        #expect(error?.message.contains("the chassis status says Off") == true)
        #expect(error?.message.contains("0xD5") == true)
        #expect(stubborn.bmc.log.count == 2)
    }

    @Test("a BMC that asks for patience is busy")
    func busy() async {
        for code in [CompletionCode.nodeBusy, .initialising] {
            let rig = ProviderRig { $0.faults["chassis control 01"] = [.refuse(code)] }
            let error = await rig.error { provider, device throws(ProviderError) in
                try await provider.setPower(.on, of: device)
            }
            #expect(error?.kind == .busy)
            #expect(error?.message.hasPrefix("power on failed: ") == true)
        }
    }

    @Test("what the BMC does not know is told as such, so that a cycle is done in two steps")
    func unknownControl() async {
        let rig = ProviderRig { state in
            state.isOn = true
            state.faults["chassis control 02"] = [.refuse(.invalidField)]
        }
        let error = await rig.error { provider, device throws(ProviderError) in
            try await provider.setPower(.cycle, of: device)
        }
        #expect(error?.kind == .refused && error?.isIncapable == true)
    }

    @Test("after silence the chassis status tells whether the command was carried out")
    func silenceAfterActing() async throws {
        let rig = ProviderRig { $0.faults["chassis control 01"] = [.silence(acts: true)] }
        try await rig.provider.setPower(.on, of: rig.device)
        #expect(rig.bmc.log == ["chassis control 01"])
    }

    @Test("after silence a command that was not carried out is sent again")
    func silenceBeforeActing() async throws {
        let rig = ProviderRig { $0.faults["chassis control 01"] = [.silence(acts: false)] }
        try await rig.provider.setPower(.on, of: rig.device)
        #expect(rig.bmc.log == ["chassis control 01", "chassis control 01"])
    }

    @Test("lasting silence is unreachable, and the command may have been carried out")
    func lastingSilence() async {
        let rig = ProviderRig {
            $0.faults["chassis control 01"] = Array(repeating: .silence(acts: false), count: 9)
        }
        let error = await rig.error { provider, device throws(ProviderError) in
            try await provider.setPower(.on, of: device)
        }
        #expect(error?.kind == .unreachable && error?.mayHaveActed == true)
        #expect(rig.bmc.log.count == 3)
    }

    @Test("a cycle is not sent again after silence: no look tells of it")
    func silentCycle() async {
        let rig = ProviderRig { state in
            state.isOn = true
            state.faults["chassis control 02"] = [.silence(acts: true)]
        }
        let error = await rig.error { provider, device throws(ProviderError) in
            try await provider.setPower(.cycle, of: device)
        }
        #expect(error?.kind == .unreachable && error?.mayHaveActed == true)
        #expect(rig.bmc.log == ["chassis control 02"])
    }

    @Test("a device that was just told to start is not taken for off, for ten seconds")
    func settling() async throws {
        let rig = ProviderRig()
        try await rig.provider.setPower(.on, of: rig.device)
        rig.bmc.state.withLock { $0.staleLooks = 2 }
        #expect(try await rig.power == .poweringOn)
        rig.time.advance(by: .seconds(11))
        #expect(try await rig.power == .off)
        #expect(try await rig.power == .on)
        try await rig.provider.setPower(.forceOff, of: rig.device)
        rig.bmc.state.withLock { $0.staleLooks = 2 }
        #expect(try await rig.power == .poweringOff)
        await rig.provider.forget(rig.device)
        #expect(try await rig.power == .on)
        #expect(try await rig.power == .off)
    }

    @Test("an address that is not IPMI's is an error that says so; shutdown ends the sessions")
    func unusable() async {
        let rig = ProviderRig()
        let odd = Device(name: "odd", provider: "ipmi", bmc: "https://10.0.1.7")
        let error = await rig.error { provider, _ throws(ProviderError) in
            try await provider.setPower(.on, of: odd)
        }
        #expect(error?.kind == .refused)
        await rig.provider.forget(odd)
        await rig.provider.shutdown()
        #expect(rig.bmc.state.withLock { $0.forgotten == ["odd"] && $0.isShutDown })
    }
}
