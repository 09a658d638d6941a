import Core
import IPMIWire
import Testing

@testable import Simulator

@Suite("A simulated chassis over IPMI")
struct ChassisOverIPMITests {
    @Test(
        "a chassis control command is the reset that Redfish counts",
        arguments: [
            (.up, .off, "On"), (.down, .on, "ForceOff"), (.cycle, .on, "PowerCycle"),
            (.hardReset, .on, "ForceRestart"), (.softOff, .on, "GracefulShutdown"),
            (.diagnosticInterrupt, .on, "Nmi"),
        ] as [(ChassisControl.Action, PowerState, String)])
    func control(_ action: ChassisControl.Action, _ from: PowerState, _ reset: String) throws {
        let bmc = try TestBMC { $0.initialPower = from }
        var console = try bmc.console()
        _ = try console.perform(ChassisControl(action), bmc.carry)
        #expect(bmc.state.systems[0].resets == [reset])
        let isOn = bmc.state.systems[0].power.reported == .on
        #expect(try console.perform(GetChassisStatus(), bmc.carry).isOn == isOn)
    }

    @Test("what is so already is granted; a reset of what is off is not")
    func noEffect() throws {
        let bmc = try TestBMC()
        var console = try bmc.console()
        for (action, code) in [
            (.down, .ok), (.softOff, .ok), (.cycle, .notInThisState), (.hardReset, .notInThisState),
        ] as [(ChassisControl.Action, CompletionCode)] {
            #expect(try console.code(of: ChassisControl(action), bmc.carry).code == code)
        }
        #expect(bmc.state.systems[0].resets.isEmpty)
    }

    @Test("power that is set by hand or over Redfish is seen, and how it came on")
    func seen() throws {
        let bmc = try TestBMC()
        var console = try bmc.console()
        bmc.state.systems[0].forcePower(.on)
        var status = try console.perform(GetChassisStatus(), bmc.carry)
        #expect(status.isOn)
        #expect(status.lastPowerEvent == [])
        bmc.state.systems[0].forcePower(.off)
        _ = try console.perform(ChassisControl(.up), bmc.carry)
        status = try console.perform(GetChassisStatus(), bmc.carry)
        #expect(status.lastPowerEvent == .onByCommand)
    }

    @Test("the light goes out when its time is over")
    func identify() throws {
        let bmc = try TestBMC()
        var console = try bmc.console()
        func shown() throws -> GetChassisStatus.Identify? {
            try console.perform(GetChassisStatus(), bmc.carry).identify
        }
        #expect(try shown() == .off)
        _ = try console.perform(ChassisIdentify(.seconds(20)), bmc.carry)
        #expect(try shown() == .timed)
        bmc.pass(.seconds(20))
        #expect(try shown() == .off)
        _ = try console.perform(ChassisIdentify(.indefinite), bmc.carry)
        #expect(try shown() == .indefinite)
    }

    // MARK: - Boot

    @Test("boot flags are Redfish's override")
    func bootFlags() throws {
        let bmc = try TestBMC()
        var console = try bmc.console()
        let flags = BootFlags(isValid: true, isUEFI: true, device: .network, instance: 3)
        _ = try console.perform(SetSystemBootOptions(.flags(flags)), bmc.carry)
        let boot = try #require(bmc.state.systems[0].boot?.object)
        #expect(boot["BootSourceOverrideTarget"]?.string == "Pxe")
        #expect(boot["BootSourceOverrideEnabled"]?.string == "Once")
        #expect(boot["BootSourceOverrideMode"]?.string == "UEFI")
        #expect(try Self.flags(&console, bmc) == flags)

        _ = try console.perform(ChassisControl(.up), bmc.carry)
        #expect(bmc.state.systems[0].bootsFrom == ["Pxe"])
        #expect(try Self.flags(&console, bmc).isValid == false)
    }

    @Test("an override that Redfish set is boot flags")
    func override() throws {
        let bmc = try TestBMC()
        var console = try bmc.console()
        var boot = try #require(bmc.state.systems[0].boot)
        try boot.patch([
            "BootSourceOverrideTarget": "Cd", "BootSourceOverrideEnabled": "Continuous",
            "BootSourceOverrideMode": "Legacy",
        ])
        bmc.state.systems[0].setBoot(boot)
        #expect(
            try Self.flags(&console, bmc)
                == BootFlags(isValid: true, isPersistent: true, device: .cd))
    }

    @Test("flags that nothing comes of in a minute go stale, unless they are kept")
    func stale() throws {
        let bmc = try TestBMC()
        var console = try bmc.console()
        let flags = BootFlags(isValid: true, device: .setup)
        func setAndWait() throws -> Bool {
            _ = try console.perform(SetSystemBootOptions(.flags(flags)), bmc.carry)
            bmc.pass(.seconds(30))
            #expect(try Self.flags(&console, bmc).isValid)
            bmc.pass(.seconds(30))
            return try Self.flags(&console, bmc).isValid
        }
        #expect(try !setAndWait())
        #expect(bmc.state.systems[0].boot?.object["BootSourceOverrideEnabled"] == "Disabled")
        _ = try console.perform(SetSystemBootOptions(.validityKept(.timeout)), bmc.carry)
        #expect(try setAndWait())
    }

    @Test("one writer at a time, and one who is gone keeps nobody out")
    func writers() throws {
        let bmc = try TestBMC()
        var first = try bmc.console { $0.consoleID = 1 }
        var second = try bmc.console { $0.consoleID = 2 }
        let begin = SetSystemBootOptions(.setInProgress(.inProgress))
        #expect(try first.code(of: begin, bmc.carry).code == .ok)
        #expect(try second.code(of: begin, bmc.carry).code == .bootOptionsInProgress)
        _ = try first.code(of: CloseSession(target: .session(first.sessionID)), bmc.carry)
        #expect(try second.code(of: begin, bmc.carry).code == .ok)
    }

    @Test("what the system can't boot from, and parameters that there are not, are refused")
    func refused() throws {
        let bmc = try TestBMC()
        var console = try bmc.console()
        let reserved = BootFlags(isValid: true, device: BootFlags.Device(rawValue: 0xE))
        #expect(
            try console.code(of: SetSystemBootOptions(.flags(reserved)), bmc.carry).code
                == .invalidField)
        #expect(
            try console.code(of: GetSystemBootOptions(7), bmc.carry).code
                == .bootParameterNotSupported)
    }

    private static func flags(_ console: inout TestConsole, _ bmc: TestBMC) throws -> BootFlags {
        let answer = try console.perform(
            GetSystemBootOptions(BootParameter.flagsNumber), bmc.carry)
        guard case .flags(let flags) = answer.parameter else {
            throw TestConsole.Failure.silence
        }
        return flags
    }
}
