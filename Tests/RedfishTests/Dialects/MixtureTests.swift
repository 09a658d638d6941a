import Core
import Redfish
import Simulator
import Testing

/// BMCs that differ in several ways at once, and stumble in passing: whatever is drawn, a machine is
/// started and stopped as the calls say.
@Suite("A mixture of habits", .timeLimit(.minutes(30)))
struct MixtureTests {
    private static var seed: UInt64 { UInt64(EnvironmentNumber.read("RACKPOOL_SEED") ?? 1) }
    private static var count: UInt64 { UInt64(EnvironmentNumber.read("RACKPOOL_MIXTURES") ?? 60) }

    private static func configure(_ configuration: inout RackConfiguration) {
        configuration.initialPower = .off
        configuration.powerDelay = .zero
        configuration.shutdownDelay = .zero
    }

    @Test("starts and stops a machine all the same")
    func lifecycle() async throws {
        for number in 0..<Self.count { try await run(Mixture(seed: Self.seed, number)) }
    }

    private func run(_ mixture: Mixture) async throws {
        try await SessionRig.with(mixture.dialects, configure: Self.configure) { rig in
            let system = rig.bmc.systems[0]
            var step = "boot"
            do {
                try await rig.provider.setBoot(BootOverride(target: .pxe), of: rig.device)
                step = "on"
                try await rig.provider.setPower(.on, of: rig.device)
                #expect(system.power == .on, "\(mixture)")
                #expect(system.bootsFrom == ["Pxe"], "\(mixture)")
                step = "looks"
                for _ in 0..<8 { _ = try await rig.provider.observe(rig.device) }
                #expect(try await rig.provider.observe(rig.device).power == .on)
                step = "off"
                try await rig.provider.setPower(.forceOff, of: rig.device)
                #expect(system.power == .off, "\(mixture)")
                step = "clear"
                try await rig.provider.clearBoot(of: rig.device)
                #expect(system.boot?["BootSourceOverrideEnabled"] != "Once")
            } catch {
                Issue.record("\(mixture): \(step): \(error)")
            }
        }
    }

    // MARK: With troubles in passing

    @Test("tells the truth of what it did where answers come to nothing now and then")
    func troubles() async throws {
        for number in 0..<Self.count {
            let mixture = Mixture(seed: Self.seed, number)
            // A BMC that takes a session for lost keeps it; nobody can end what nobody knows of.
            try await SessionRig.with(
                mixture.dialects, endsSessions: false, configure: Self.configure
            ) { rig in
                let troubles = PassingTroubles(seed: Self.seed &* 1_000_033 &+ number)
                rig.bmc.onRequest { troubles.verdict(on: $0, $1) }
                await TroubledLife(rig: rig, mixture: mixture, troubles: troubles).live()
                rig.bmc.onRequest(nil)
            }
        }
    }
}
