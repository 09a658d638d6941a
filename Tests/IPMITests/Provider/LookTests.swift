import Core
import Foundation
import Locking
import Testing

@testable import IPMI
@testable import IPMIWire

@Suite struct IPMILookTests {
    @Test("a chassis that is well is ok, on or off", arguments: [true, false])
    func well(isOn: Bool) async throws {
        let rig = ProviderRig { $0.isOn = isOn }
        let observation = try await rig.provider.observe(rig.device)
        #expect(
            observation
                == Observation(
                    power: isOn ? .on : .off, health: .ok, date: rig.time.date,
                    isComplete: false))
    }

    @Test(
        "every chassis fault is critical, and says what it is",
        arguments: [
            ([.overload], [], "Chassis power: Critical: shut down for drawing too much"),
            (
                [.interlock], [],
                "Chassis power: Critical: shut down because an interlock is open: is a panel or"
                    + " cover missing?"
            ),
            ([.fault], [], "Chassis power: Critical: fault in the main power subsystem"),
            (
                [.controlFault], [],
                "Chassis power: Critical: the BMC could not switch it on or off"
            ),
            (
                [], [.coolingFault],
                "Chassis cooling: Critical: a fan, or the cooling, is faulty"
            ),
            ([], [.driveFault], "Chassis drives: Critical: a drive is faulty"),
        ] as [(GetChassisStatus.PowerFaults, GetChassisStatus.Conditions, String)])
    func faults(
        power: GetChassisStatus.PowerFaults, conditions: GetChassisStatus.Conditions,
        reason: String
    ) async throws {
        let rig = ProviderRig { state in
            state.chassis.powerFaults = power
            state.chassis.conditions = conditions
        }
        let observation = try await rig.provider.observe(rig.device)
        #expect(observation.health == .critical && observation.reasons == [reason])
    }

    @Test("an open chassis, locked buttons and a mains failure that is over are no fault")
    func noFaults() async throws {
        let rig = ProviderRig { state in
            state.chassis.conditions = [.intrusion, .frontPanelLocked]
            state.chassis.lastPowerEvent = [.mainsFailed, .onByCommand]
        }
        #expect(try await rig.provider.observe(rig.device).health == .ok)
    }

    @Test("why the power went off the last time is told while it is off")
    func lastEvent() async throws {
        let rig = ProviderRig { $0.chassis.lastPowerEvent = [.overload] }
        let observation = try await rig.provider.observe(rig.device)
        #expect(observation.health == .warning)
        #expect(
            observation.reasons == [
                "Chassis power: Warning: went off the last time for drawing too much"
            ])
        rig.bmc.state.withLock { $0.isOn = true }
        #expect(try await rig.provider.observe(rig.device).health == .ok)
    }

    @Test("silence is unreachable")
    func silence() async {
        let rig = ProviderRig { $0.faults[GetChassisStatus.name] = [.silence(acts: false)] }
        let error = await rig.error { provider, device throws(ProviderError) in
            _ = try await provider.observe(device)
        }
        #expect(error?.kind == .unreachable && error?.mayHaveActed == false)
        #expect(error?.message.hasPrefix("look failed: ") == true)
    }

    @Test(
        "a chassis status that is refused or cut short says nothing of the state",
        arguments: [
            CompletionCode.unspecified, .notInThisState, .noResponse, .destinationUnavailable,
            .nodeBusy, .invalidCommand, CompletionCode(rawValue: 0x80),
        ])
    func inconclusive(code: CompletionCode) async {
        let rig = ProviderRig { $0.faults[GetChassisStatus.name] = [.refuse(code)] }
        let error = await rig.error { provider, device throws(ProviderError) in
            _ = try await provider.observe(device)
        }
        #expect(error?.kind == .busy)
        let cut = ProviderRig { state in
            state.faults[GetChassisStatus.name] = [
                .fail(.malformed(command: GetChassisStatus.name, .truncated("power state")))
            ]
        }
        let other = await cut.error { provider, device throws(ProviderError) in
            _ = try await provider.observe(device)
        }
        #expect(other?.kind == .busy)
    }

    @Test("the facts are the BMC's version and the system's UUID")
    func facts() async throws {
        let rig = ProviderRig {
            $0.guid = bytes("33221100 5544 7746 8899 aabbccddeeff")
        }
        let facts = try await rig.provider.facts(of: rig.device)
        #expect(facts.uuid == "00112233-4455-4677-8899-aabbccddeeff")
        #expect(facts.bmcFirmwareVersion == "1.73")
        #expect(facts.macAddresses.isEmpty)
    }

    @Test("a BMC that knows no GUID has no UUID, and no error")
    func noGUID() async throws {
        let rig = ProviderRig()
        #expect(try await rig.provider.facts(of: rig.device).uuid == nil)
    }

    @Test("whichever byte order a GUID is sent in, the UUID is the same")
    func byteOrders() {
        // A random one (version 4), and one of time and place (version 1).
        for text in [
            "7d444840-9dc0-41d1-b245-5ffdce74fad2", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
        ] {
            for order in GetSystemGUID.Order.allCases {
                #expect(GetSystemGUID.Response(uuid: bytes(text), in: order).uuid == text)
            }
        }
        // One that a vendor made up from a MAC address is of no version: as SMBIOS has it.
        let made = GetSystemGUID.Response(
            uuid: bytes("00000000-0000-0000-0000-0cc47a123456"), in: .smbios)
        #expect(made.uuid == "00000000-0000-0000-0000-0cc47a123456")
    }

    @Test("a GUID of zeros or of ones is none")
    func emptyGUID() {
        #expect(GetSystemGUID.Response(bytes: Array(repeating: 0, count: 16)).uuid == nil)
        #expect(GetSystemGUID.Response(bytes: Array(repeating: 0xFF, count: 16)).uuid == nil)
    }
}
