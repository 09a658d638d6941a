import Core
import Randomness
import Redfish
import Simulator
import Testing

/// BMCs that differ in several ways at once, and stumble in passing: whatever is drawn, a machine is
/// started and stopped as the calls say.
@Suite("A mixture of habits", .timeLimit(.minutes(10)))
struct MixtureTests {
    /// One of each is drawn, or none.
    private static let choices: [[Dialect]] = [
        [.strictETag, .noETag, .refusesIfMatch, .gzipETag, .doubleQuotedETag, .staleETag],
        [.strictReset, .stateReset, .notModifiedReset, .listedResetRefused, .conflictAfterOff],
        [.stalePower, .nullPower], [.tasks, .taskBody, .vanishingTask],
        [.bootModeDropped, .bootModeRefused, .bootModeJob, .bootRefusedDone, .bootAlias],
        [.busy, .rateLimit, .notReady, .inStandby, .waitsInArguments],
        [.stumbles, .losesSystems], [.sloppyJSON, .stringNumbers, .missingStatus],
        [.basicOnly, .uselessTokens, .flakyLogin, .noSessions, .noToken, .tokenInBody, .forgetful],
        [.closesSecond], [.innerRedirect, .slashRedirect, .linksV0, .bareRoot, .dpuBeside],
    ]

    private static var count: Int {
        EnvironmentNumber.read("RACKPOOL_MIXTURES") ?? 60
    }

    @Test("starts and stops a machine all the same")
    func lifecycle() async throws {
        let seed = UInt64(EnvironmentNumber.read("RACKPOOL_SEED") ?? 1)
        for number in 0..<UInt64(Self.count) {
            var random = SeededNumbers(seed: seed &* 1_000_003 &+ number)
            var dialects: Set<Dialect> = []
            for choice in Self.choices where random.happens(35) {
                if let dialect = choice.randomElement(using: &random) { dialects.insert(dialect) }
            }
            try await run(dialects, seed: seed, number)
        }
    }

    private func run(_ dialects: Set<Dialect>, seed: UInt64, _ number: UInt64) async throws {
        let names = dialects.map(\.rawValue).sorted().joined(separator: ", ")
        try await SessionRig.with(
            dialects,
            configure: {
                $0.initialPower = .off
                $0.powerDelay = .zero
                $0.shutdownDelay = .zero
            }
        ) { rig in
            let system = rig.bmc.systems[0]
            var step = "boot"
            do {
                try await rig.provider.setBoot(BootOverride(target: .pxe), of: rig.device)
                step = "on"
                try await rig.provider.setPower(.on, of: rig.device)
                #expect(system.power == .on, "\(seed)/\(number): \(names)")
                #expect(system.bootsFrom == ["Pxe"], "\(seed)/\(number): \(names)")
                step = "looks"
                for _ in 0..<8 { _ = try await rig.provider.observe(rig.device) }
                #expect(try await rig.provider.observe(rig.device).power == .on)
                step = "off"
                try await rig.provider.setPower(.forceOff, of: rig.device)
                #expect(system.power == .off, "\(seed)/\(number): \(names)")
                step = "clear"
                try await rig.provider.clearBoot(of: rig.device)
                #expect(system.boot?["BootSourceOverrideEnabled"] != "Once")
            } catch {
                Issue.record("\(seed)/\(number): \(names): \(step): \(error)")
            }
        }
    }
}
