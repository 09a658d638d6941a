import Core
import Foundation
import Testing

/// Rackpool against `sushy-emulator`, which is asked itself what has become of its systems.
@Suite(.enabled(if: InteropPeers.environment != nil, InteropPeers.advice), .timeLimit(.minutes(5)))
struct SushyEmulatorTests {
    @Test("20 systems of one BMC: 5 claimed are on, 2 destroyed are off, the rest is not touched")
    func claimAndDestroy() async throws {
        try await InteropRig.with(systems: 20) { rig, emulator in
            let inventory = """
                devices:
                  - name: node-[01-20]
                    bmc: \(emulator.url)
                    system: node-[01-20]

                """
            try await rig.startDaemon(inventory)
            let ids = try await rig.provision(5, Self.properties(grace: "25s"))
            try await Self.check(rig, emulator, ids, resets: 5)

            // Nothing is lost with the daemon, and nothing is done twice.
            await rig.stopDaemon(with: SIGKILL)
            try await rig.startDaemon(inventory)
            try await Self.check(rig, emulator, ids, resets: 5)

            // As InfraKit does: the lowest first.
            let doomed = ids.sorted().prefix(2)
            try await rig.destroy(doomed)
            let rest = ids.filter { !doomed.contains($0) }
            // Each was shut down, and its power cut.
            try await Self.check(rig, emulator, rest, resets: 9)

            await rig.stopDaemon(with: SIGTERM)
            try await rig.startDaemon(inventory)
            try await Self.check(rig, emulator, rest, resets: 9)
        }
    }

    private static func properties(grace: String) -> JSON {
        [
            "Boot": ["Target": "Pxe"], "Grace": .string(grace),
            "Require": ["Manufacturer": "Sushy"],
        ]
    }

    /// Checks that these instances are described and that of all systems exactly theirs are on,
    /// and boot from where the spec says.
    private static func check(
        _ rig: InteropRig, _ emulator: SushyEmulator, _ ids: [String], resets: Int
    ) async throws {
        #expect(Set(try await rig.described()) == Set(ids))
        let devices = Set(ids.map(InteropRig.device))
        #expect(devices.count == ids.count)
        let systems = try await emulator.systems()
        #expect(systems.count == 20)
        #expect(Set(systems.filter(\.isOn).map(\.name)) == devices)
        #expect(
            systems.filter { devices.contains($0.name) }.allSatisfy { $0.bootTarget == "Pxe" })
        #expect(emulator.resets == resets)
    }

    @Test("with a password: claimed by the system's ID, its facts read, powered off at once")
    func password() async throws {
        try await InteropRig.with(systems: 2, isLocked: true) { rig, emulator in
            try await rig.startDaemon(
                """
                defaults: {username: admin, password: \(SushyEmulator.password)}
                devices:
                  - name: blade-[01-02]
                    bmc: \(emulator.url)
                    system: '\(SushyEmulator.uuid(1).dropLast(2))[01-02]'

                """)
            let id = try #require(try await rig.provision(1, Self.properties(grace: "0s")).first)
            #expect(InteropRig.device(of: id) == "blade-01")
            #expect(try await emulator.poweredOn() == [SushyEmulator.name(1)])

            let metadata = try await rig.metadata(of: "blade-01")
            #expect(metadata["Pool"] == "active")
            #expect(metadata["Instance"] == .string(id))
            #expect(metadata["Power"] == "On")
            #expect(metadata["Health"] == "ok")
            #expect(metadata["Facts"]?["Manufacturer"] == "Sushy Emulator")
            #expect(metadata["Facts"]?["UUID"] == .string(SushyEmulator.uuid(1)))
            #expect(
                metadata["Facts"]?["MACAddresses"] == [.string(SushyEmulator.macAddress(1))])

            try await rig.destroy([id])
            #expect(try await emulator.poweredOn().isEmpty)
            #expect(try await rig.described().isEmpty)
            #expect(await !rig.log.contains(SushyEmulator.password))
        }
    }

    @Test(
        "a wrong password, or none, is told with the BMC's answer; nothing is claimed or touched",
        arguments: ["{username: admin, password: wrong-hush}", "{}"])
    func wrongPassword(_ defaults: String) async throws {
        try await InteropRig.with(systems: 1, isLocked: true) { rig, emulator in
            try await rig.startDaemon(
                """
                defaults: \(defaults)
                devices: [{name: blade-01, bmc: \(emulator.url)}]

                """)
            // Whether the claim or the synchroniser is the first to be turned away is open.
            await #expect {
                _ = try await rig.provision(1, Self.properties(grace: "0s"))
            } throws: { error in
                let text = "\(error)"
                let isOfClaim = text.contains("401") && text.contains("blade-01")
                return (isOfClaim || text.contains("whose BMC refuses us"))
                    && !text.contains("hush")
            }
            let metadata = try await rig.metadata(of: "blade-01")
            #expect(metadata["Health"] == "refused")
            let reasons = metadata["Reasons"]?.array?.compactMap(\.string) ?? []
            #expect(reasons.contains { $0.contains("GET /redfish/v1/Systems: 401") })
            #expect(!reasons.contains { $0.contains("hush") })
            #expect(try await rig.described().isEmpty)
            #expect(try await emulator.poweredOn().isEmpty)
            #expect(emulator.resets == 0)
            #expect(await !rig.log.contains("hush"))
        }
    }
}
