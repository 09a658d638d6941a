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

    // What a BMC shows may be old, and a command that was given before may still be on its way.
    @Test("power on and forced off are sent whatever the BMC shows")
    func sentAnyway() async throws {
        let on = ProviderRig { $0.isOn = true }
        try await on.provider.setPower(.on, of: on.device)
        let off = ProviderRig()
        try await off.provider.setPower(.forceOff, of: off.device)
        #expect(on.bmc.log == ["chassis control 01"] && off.bmc.log == ["chassis control 00"])
    }

    // BMCs ask for it by a press of the power button.
    @Test("a device that is off is not asked to shut down")
    func gracefulOff() async throws {
        let rig = ProviderRig()
        try await rig.provider.setPower(.gracefulOff, of: rig.device)
        #expect(rig.bmc.log.isEmpty)
    }

    @Test(
        "a refusal, whatever it says, is no error where the device shows the wanted state",
        arguments: [CompletionCode.notInThisState, .invalidField, .disabled, .unspecified])
    func refusedAnyway(code: CompletionCode) async throws {
        let on = ProviderRig { state in
            state.isOn = true
            state.faults["chassis control 01"] = [.refuse(code)]
        }
        try await on.provider.setPower(.on, of: on.device)
        let off = ProviderRig { $0.faults["chassis control 00"] = [.refuse(code)] }
        try await off.provider.setPower(.forceOff, of: off.device)
        #expect(on.bmc.log == ["chassis control 01"] && off.bmc.log == ["chassis control 00"])
    }

    @Test("a BMC that asks for patience, or for more privilege, has not taken the command")
    func notTaken() async {
        for code in [CompletionCode.nodeBusy, .insufficientPrivilege] {
            let rig = ProviderRig { $0.faults["chassis control 00"] = [.refuse(code)] }
            let error = await rig.error { provider, device throws(ProviderError) in
                try await provider.setPower(.forceOff, of: device)
            }
            #expect(error != nil && error?.mayHaveActed == false)
        }
    }

    @Test("silence to a command that changes nothing visible is no sign that it arrived")
    func silentAndFulfilled() async throws {
        let rig = ProviderRig { $0.faults["chassis control 00"] = [.silence(acts: false)] }
        try await rig.provider.setPower(.forceOff, of: rig.device)
        #expect(rig.bmc.log == ["chassis control 00", "chassis control 00"])
        let mute = ProviderRig {
            $0.faults["chassis control 00"] = Array(repeating: .silence(acts: false), count: 9)
        }
        let error = await mute.error { provider, device throws(ProviderError) in
            try await provider.setPower(.forceOff, of: device)
        }
        #expect(error?.kind == .unreachable && error?.mayHaveActed == true)
    }

    @Test(
        "codes that don't say that nothing was done leave it open whether something was",
        arguments: [
            (CompletionCode.timeout, true), (.noResponse, true), (.unspecified, true),
            (CompletionCode(rawValue: 0x80), true), (.invalidField, false),
            (.notInThisState, false), (.nodeBusy, false),
        ])
    func codes(code: CompletionCode, mayHaveActed: Bool) async {
        let rig = ProviderRig {
            $0.faults["chassis control 01"] = Array(repeating: .refuse(code), count: 9)
        }
        let error = await rig.error { provider, device throws(ProviderError) in
            try await provider.setPower(.on, of: device)
        }
        #expect(error?.mayHaveActed == mayHaveActed, "\(code)")
    }

    @Test("a clear refusal does not take back that the command before it may have been done")
    func refusedAfterSilence() async {
        let rig = ProviderRig { state in
            state.isOn = true
            state.faults["chassis control 00"] = [.silence(acts: false), .refuse(.invalidField)]
        }
        let error = await rig.error { provider, device throws(ProviderError) in
            try await provider.setPower(.forceOff, of: device)
        }
        #expect(error?.kind == .refused && error?.mayHaveActed == true)
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

    @Test(
        "a refusal about a state that passes is tried again, for twenty seconds",
        arguments: [CompletionCode.notInThisState, .destinationUnavailable])
    func passingState(code: CompletionCode) async throws {
        let rig = ProviderRig {
            $0.faults["chassis control 01"] = Array(repeating: .refuse(code), count: 5)
        }
        try await rig.provider.setPower(.on, of: rig.device)
        #expect(rig.bmc.log == Array(repeating: "chassis control 01", count: 6))
        #expect(rig.time.uptime > .seconds(8) && rig.time.uptime < .seconds(20))
    }

    @Test("a cycle or reset that can't be done in this state is tried again, while it is on")
    func passingReset() async throws {
        for (command, sent) in [
            (PowerCommand.cycle, "chassis control 02"), (.reset, "chassis control 03"),
        ] {
            let rig = ProviderRig { state in
                state.isOn = true
                state.faults[sent] = [.refuse(.notInThisState), .refuse(.notInThisState)]
            }
            try await rig.provider.setPower(command, of: rig.device)
            #expect(rig.bmc.log == [sent, sent, sent])
        }
    }

    @Test("a shutdown that can't be asked for in this state is not waited for")
    func passingShutdown() async {
        let rig = ProviderRig { state in
            state.isOn = true
            state.faults["chassis control 05"] = [.refuse(.notInThisState)]
        }
        let error = await rig.error { provider, device throws(ProviderError) in
            try await provider.setPower(.gracefulOff, of: device)
        }
        #expect(error?.kind == .refused && rig.bmc.log == ["chassis control 05"])
        #expect(rig.time.uptime == .zero)
    }

    @Test("a state that does not pass is a refusal that says what it is")
    func stubborn() async {
        let stubborn = ProviderRig {
            $0.faults["chassis control 01"] = Array(repeating: .refuse(.notInThisState), count: 9)
        }
        let error = await stubborn.error { provider, device throws(ProviderError) in
            try await provider.setPower(.on, of: device)
        }
        #expect(error?.kind == .refused)
        #expect(error?.message.contains("the chassis status says Off") == true)
        #expect(error?.message.contains("0xD5") == true)
        #expect(stubborn.bmc.log.count == 8)
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

    @Test("after silence Off that was not carried out is sent again, On is not")
    func silenceBeforeActing() async throws {
        let rig = ProviderRig { state in
            state.isOn = true
            state.faults["chassis control 00"] = [.silence(acts: false)]
        }
        try await rig.provider.setPower(.forceOff, of: rig.device)
        #expect(rig.bmc.log == ["chassis control 00", "chassis control 00"])
        let starting = ProviderRig { $0.faults["chassis control 01"] = [.silence(acts: false)] }
        let error = await starting.error { provider, device throws(ProviderError) in
            try await provider.setPower(.on, of: device)
        }
        #expect(error?.kind == .unreachable && error?.mayHaveActed == true)
        #expect(starting.bmc.log == ["chassis control 01"])
    }

    @Test("lasting silence is unreachable, and the command may have been carried out")
    func lastingSilence() async {
        let rig = ProviderRig { state in
            state.isOn = true
            state.faults["chassis control 00"] = Array(repeating: .silence(acts: false), count: 9)
        }
        let error = await rig.error { provider, device throws(ProviderError) in
            try await provider.setPower(.forceOff, of: device)
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

    @Test("what the BMC shows is what is reported, also right after a command")
    func shown() async throws {
        let rig = ProviderRig()
        try await rig.provider.setPower(.on, of: rig.device)
        rig.bmc.state.withLock { $0.staleLooks = 1 }
        #expect(try await rig.power == .off)
        #expect(try await rig.power == .on)
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
