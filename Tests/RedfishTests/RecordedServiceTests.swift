import Core
import Redfish
import TestServer
import Testing

/// What each recorded machine must come out as, worked out by hand from its files.
private struct Machine: CustomTestStringConvertible, Sendable {
    let folder: String
    var system: String?
    let facts: Facts
    var power = PowerState.on
    var resetTypes: [PowerCommand: String]
    var boot: (target: BootTarget, written: JSONObject)?

    var testDescription: String { "\(folder) \(system ?? "")" }

    static let all = [hpe, cray("Node0", "5f"), cray("Node1", "60"), openBMC, dmtf, supermicro]

    static let hpe = Machine(
        folder: "hpe-dl325-ilo5",
        facts: Facts(
            manufacturer: "HPE", model: "ProLiant DL325 Gen10 Plus", serialNumber: "MXQ019020B",
            uuid: "36383150-3630-584d-5130-313930323042", processorCount: 1,
            processorModel: "AMD EPYC 7302P 16-Core Processor", coreCount: 16, memoryGiB: 64,
            macAddresses: [
                "94:40:c9:5c:86:bc", "94:40:c9:5c:86:bd", "14:02:ec:d9:3a:a0", "14:02:ec:d9:3a:a1",
            ], biosVersion: "A43 v2.52 (10/29/2021)", bmcFirmwareVersion: "iLO 5 v2.46"),
        resetTypes: [.gracefulOff: "GracefulShutdown", .forceOff: "ForceOff", .on: "On"],
        boot: (
            .uefiHttp,
            [
                "BootSourceOverrideEnabled": "Once", "BootSourceOverrideTarget": "UefiHttp",
                "BootSourceOverrideMode": "UEFI",
            ]
        ))

    static func cray(_ node: String, _ lastOctet: String) -> Machine {
        Machine(
            folder: "cray-ex425-two-nodes", system: node,
            facts: Facts(
                manufacturer: "HPE", model: "HPE CRAY EX425 (MILAN)", serialNumber: "HA19340017",
                processorCount: 2, processorModel: "AMD EPYC 7763 64-Core Processor",
                coreCount: 128, memoryGiB: 256, macAddresses: ["00:40:a6:83:52:\(lastOctet)"],
                biosVersion: "ex425.bios-1.6.3",
                bmcFirmwareVersion:
                    "nc.1.6.19-5-shasta-release.arm.2022-02-25T01:38:09+00:00.d20b426"),
            resetTypes: [.gracefulOff: "Off", .forceOff: "ForceOff", .on: "On"])
    }

    static let openBMC = Machine(
        folder: "openbmc-stock",
        facts: Facts(bmcFirmwareVersion: "2.15.0-dev-686-g100c36de90"), power: .off,
        resetTypes: [.gracefulOff: "GracefulShutdown", .forceOff: "ForceOff", .on: "On"],
        boot: (
            .pxe,
            [
                "BootSourceOverrideEnabled": "Once", "BootSourceOverrideTarget": "Pxe",
                "BootSourceOverrideMode": "UEFI",
            ]
        ))

    static let dmtf = Machine(
        folder: "dmtf-public-rackmount1",
        facts: Facts(
            manufacturer: "Contoso", model: "3500", serialNumber: "437XR1138R2",
            uuid: "38947555-7742-3448-3784-823347823834", processorCount: 2,
            processorModel: "Multi-Core Intel(R) Xeon(R) processor 7xxx Series", coreCount: 8,
            memoryGiB: 96,
            macAddresses: [
                "12:44:6a:3b:04:11", "aa:bb:cc:dd:ee:00", "12:44:6a:3b:88:90",
            ], biosVersion: "P79 v1.45 (12/06/2017)", bmcFirmwareVersion: "1.45.455b66-rev4"),
        resetTypes: [.gracefulOff: "GracefulShutdown", .forceOff: "ForceOff", .on: "On"],
        boot: (
            .hdd,
            [
                "BootSourceOverrideEnabled": "Once", "BootSourceOverrideTarget": "Hdd",
                "BootSourceOverrideMode": "UEFI",
            ]
        ))

    static let supermicro = Machine(
        folder: "supermicro-x10",
        facts: Facts(
            manufacturer: "Supermicro", model: "Super Server",
            uuid: "00000000-0000-0000-0000-ac1f6b18a45a", processorCount: 1,
            processorModel: "Intel(R) Xeon(R) processor", coreCount: 8, memoryGiB: 64,
            macAddresses: [
                "ac:1f:6b:18:a4:5a", "ac:1f:6b:18:a4:5b", "ac:1f:6b:18:a6:b2", "ac:1f:6b:18:a6:b3",
            ], biosVersion: "1.2", bmcFirmwareVersion: "4.0"),
        resetTypes: [.gracefulOff: "GracefulShutdown", .forceOff: "ForceOff", .on: "On"],
        boot: (
            .cd, ["BootSourceOverrideEnabled": "Once", "BootSourceOverrideTarget": "CD/DVD"]
        ))
}

/// The recordings lie beside the repository in `../shared/redfish`; without them these are skipped.
@Suite(
    "A recorded machine", .timeLimit(.minutes(5)),
    .enabled(if: RecordedServices.arePresent, RecordedServices.advice))
struct RecordedServiceTests {
    private func start(_ machine: Machine) throws -> (FakeService, Device, RedfishProvider) {
        let service = try FakeService(RecordedServices.resources(of: machine.folder))
        return (service, service.device(system: machine.system), Rack.provider())
    }

    @Test("shows its facts", arguments: Machine.all)
    private func facts(of machine: Machine) async throws {
        let (service, device, provider) = try start(machine)
        defer { service.server.stop() }
        #expect(try await provider.facts(of: device) == machine.facts)
    }

    @Test("is well, and each look after the first is one request", arguments: Machine.all)
    private func observe(_ machine: Machine) async throws {
        let (service, device, provider) = try start(machine)
        defer { service.server.stop() }
        let first = try await provider.observe(device)
        #expect(first.power == machine.power)
        #expect(first.health == .ok)
        #expect(first.reasons == [])
        // The root, a login, which a recording cannot answer, the systems, and the system.
        #expect(service.lines().count == 4)
        _ = try await provider.observe(device)
        #expect(service.lines(since: 4).count == 1)
    }

    @Test("is switched off in order, on, and off by force", arguments: Machine.all)
    private func power(_ machine: Machine) async throws {
        let (service, device, provider) = try start(machine)
        defer { service.server.stop() }
        if machine.power == .off { try await provider.setPower(.on, of: device) }
        let steps: [(PowerCommand, PowerState)] = [
            (.gracefulOff, .off), (.on, .on), (.forceOff, .off),
        ]
        for (command, state) in steps {
            try await provider.setPower(command, of: device)
            #expect(try await provider.observe(device).power == state)
            #expect(
                service.bodies("POST").last
                    == ["ResetType": .string(try #require(machine.resetTypes[command]))])
        }
    }

    @Test("boots once from elsewhere, and then as before", arguments: Machine.all)
    private func boot(_ machine: Machine) async throws {
        let (service, device, provider) = try start(machine)
        defer { service.server.stop() }
        guard let boot = machine.boot else {
            let error = await #expect(throws: ProviderError.self) {
                try await provider.setBoot(BootOverride(target: .pxe), of: device)
            }
            #expect(error?.kind == .refused)
            #expect(
                error?.message == "boot from Pxe refused: the system shows no boot override")
            return try await provider.clearBoot(of: device)
        }
        try await provider.setBoot(BootOverride(target: boot.target), of: device)
        // The mode is the present one, so it is not written.
        var written = boot.written
        written["BootSourceOverrideMode"] = nil
        #expect(service.bodies("PATCH") == [["Boot": .object(written)]])
        try await provider.clearBoot(of: device)
        try await provider.clearBoot(of: device)
        let cleared: JSONObject = [
            "BootSourceOverrideEnabled": "Disabled", "BootSourceOverrideTarget": "None",
        ]
        #expect(service.bodies("PATCH").count == 2, "a cleared override is left alone")
        #expect(service.bodies("PATCH").last == ["Boot": .object(cleared)])
    }

    @Test("with two systems is refused until the inventory names one")
    func ambiguous() async throws {
        let service = try FakeService(RecordedServices.resources(of: "cray-ex425-two-nodes"))
        defer { service.server.stop() }
        let error = await #expect(throws: ProviderError.self) {
            try await Rack.provider().observe(service.device())
        }
        #expect(error?.kind == .refused)
        #expect(
            error?.message == "look refused: the BMC has several systems and the inventory names "
                + "none; it has: Node0, Node1")
    }
}
