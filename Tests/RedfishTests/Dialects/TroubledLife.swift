import Core
import Redfish
import Simulator
import Testing

/// A machine's way from off to on and back over a BMC that stumbles. Each command is given again, as
/// the reconciler does, until it is taken; what it says of itself in between has to be true.
struct TroubledLife {
    let rig: SessionRig
    let mixture: Mixture
    let troubles: PassingTroubles

    /// So many that a command of twenty requests comes through whatever the troubles.
    private static let attempts = 400

    private var system: SimulatedSystem { rig.bmc.systems[0] }

    func live() async {
        let boot = BootOverride(target: .pxe)
        await manage("boot") { try await rig.provider.setBoot(boot, of: rig.device) }
        check(system.boot?["BootSourceOverrideTarget"] == "Pxe", "boot was said to be set")
        await switchPower(.on, to: .on)
        check(system.bootsFrom == ["Pxe"], "it booted from \(system.bootsFrom)")
        await manage("look") {
            let seen = try await rig.provider.observe(rig.device).power
            // Some show the former state for a while.
            guard seen == .on else { throw ProviderError(.busy, "shown \(seen.rawValue)") }
        }
        await switchPower(.forceOff, to: .off)
        await manage("clear") { try await rig.provider.clearBoot(of: rig.device) }
        check(system.boot?["BootSourceOverrideEnabled"] != "Once", "boot was said to be clear")
        let resets = system.resets
        check(
            resets.count == 2 && ["On", "ForceOn"].contains(resets[0]) && resets[1] == "ForceOff",
            "the resets were \(resets)")
    }

    private func switchPower(_ command: PowerCommand, to power: PowerState) async {
        await manage(command.title) {
            let resets = system.resets
            do throws(ProviderError) {
                try await rig.provider.setPower(command, of: rig.device)
            } catch {
                let isUntouched = error.mayHaveActed || system.resets == resets
                check(isUntouched, "said to be untouched, and was switched: \(error)")
                throw error
            }
            check(system.power == power, "\(command.title) was said to be taken")
        }
    }

    /// Gives a command until it is taken.
    private func manage(_ step: String, _ body: () async throws -> Void) async {
        var last = ""
        for _ in 0..<Self.attempts {
            do { return try await body() } catch { last = "\(error)" }
            // Longer than any pause between passwords.
            rig.time.advance(by: .seconds(1900))
        }
        check(false, "\(step) is never taken: \(last)")
    }

    private func check(_ isTrue: Bool, _ text: String) {
        if !isTrue { Issue.record("\(mixture): \(text) (\(troubles.log))") }
    }
}
