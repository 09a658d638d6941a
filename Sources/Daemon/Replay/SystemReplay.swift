import Core
import Redfish
import Simulator

/// Takes one simulated system through all steps, by the provider that steers real ones.
struct SystemReplay {
    let provider: RedfishProvider
    let device: Device
    let system: SimulatedSystem
    /// How long the simulated hardware may take to get to a power state.
    var patience = Duration.seconds(30)

    func run() async -> ReplayedSystem {
        var replayed = ReplayedSystem(id: system.id)
        await inspect(&replayed)
        await poll(&replayed)
        await look(&replayed)
        replayed.outcomes[.off] = await powerOff()
        let boot = await setBoot()
        replayed.outcomes[.on] = await powerOn()
        replayed.outcomes[.boot] = await checkBoot(boot)
        replayed.outcomes[.graceful] = await powerOffInOrder()
        replayed.outcomes[.cycle] = await cycle()
        replayed.outcomes[.media] = await insertAndEject()
        return replayed
    }

    // MARK: - Reading

    private func inspect(_ replayed: inout ReplayedSystem) async {
        do throws(ProviderError) {
            replayed.facts = try await provider.facts(of: device)
            let inspection = try await provider.inspect(device)
            replayed.outcomes[.inspect] =
                inspection.systems.isEmpty ? .failed("the inspection found no system") : .passed
        } catch {
            replayed.outcomes[.inspect] = .failed(error.message)
        }
    }

    private func poll(_ replayed: inout ReplayedSystem) async {
        do throws(ProviderError) {
            let observation = try await provider.observe(device)
            replayed.observation = observation
            let shown = system.power
            replayed.outcomes[.poll] =
                observation.power == shown
                ? .passed
                : .failed(
                    "the power was read as \(observation.power.rawValue), not \(shown.rawValue)")
        } catch {
            replayed.outcomes[.poll] = .failed(error.message)
        }
    }

    private func look(_ replayed: inout ReplayedSystem) async {
        do throws(ProviderError) {
            replayed.report = try await provider.examine(device)
            replayed.outcomes[.deep] = .passed
        } catch {
            replayed.outcomes[.deep] = .failed(error.message)
        }
    }

    // MARK: - Power

    private func powerOff() async -> ReplayOutcome {
        let types: Set = ["ForceOff", "Off", "GracefulShutdown", "PushPowerButton"]
        if let reason = system.reasonAgainst(types) { return .notOffered(reason) }
        system.power = .on
        let command: PowerCommand = system.takes(["ForceOff"]) ? .forceOff : .gracefulOff
        return await change(command, to: .off)
    }

    private func powerOn() async -> ReplayOutcome {
        let types: Set = ["On", "ForceOn", "PushPowerButton"]
        if let reason = system.reasonAgainst(types) { return .notOffered(reason) }
        system.power = .off
        return await change(.on, to: .on)
    }

    private func powerOffInOrder() async -> ReplayOutcome {
        let types: Set = ["GracefulShutdown", "Off", "PushPowerButton"]
        if let reason = system.reasonAgainst(types) { return .notOffered(reason) }
        system.power = .on
        return await change(.gracefulOff, to: .off)
    }

    /// It must be on again, and have been reset: a system that only stayed on has not been cycled.
    private func cycle() async -> ReplayOutcome {
        if let reason = system.reasonAgainst(["PowerCycle"]) { return .notOffered(reason) }
        system.power = .on
        let (boots, resets) = (system.bootsFrom.count, system.resets.count)
        let outcome = await change(.cycle, to: .on)
        guard outcome == .passed else { return outcome }
        guard system.resets.count > resets else { return .failed("no reset reached the system") }
        return system.bootsFrom.count > boots ? .passed : .failed("it did not boot again")
    }

    private func change(_ command: PowerCommand, to power: PowerState) async -> ReplayOutcome {
        do {
            try await provider.setPower(command, of: device)
            try await system.waitForPower(power, timeout: patience)
            let seen = try await provider.observe(device).power
            return seen == power
                ? .passed : .failed("then the power was read as \(seen.rawValue)")
        } catch {
            return .failed("\(error)")
        }
    }

    // MARK: - Boot

    private func setBoot() async -> (outcome: ReplayOutcome, target: String?) {
        guard let boot = system.boot, boot["BootSourceOverrideTarget"] != nil else {
            return (.notOffered("no boot override was recorded"), nil)
        }
        let offered = boot["BootSourceOverrideTarget@Redfish.AllowableValues"]?.array?
            .compactMap(\.string)
        let wishes: [BootTarget] = [.pxe, .uefiHttp, .cd, .hdd, .usb, .biosSetup]
        let target =
            offered.map { offered in wishes.first { offered.contains($0.rawValue) } } ?? .pxe
        guard let target else {
            return (.notOffered("no boot target of ours: \(offered ?? [])"), nil)
        }
        do throws(ProviderError) {
            try await provider.setBoot(BootOverride(target: target), of: device)
            return (.passed, target.rawValue)
        } catch {
            return (.failed(error.message), nil)
        }
    }

    /// The system has been switched on since, and must have booted from where it was told to.
    private func checkBoot(
        _ boot: (outcome: ReplayOutcome, target: String?)
    ) async -> ReplayOutcome {
        guard let target = boot.target else { return boot.outcome }
        if let source = system.bootsFrom.last, source != target {
            return .failed("it booted from \(source), not \(target)")
        }
        do throws(ProviderError) {
            try await provider.clearBoot(of: device)
        } catch {
            return .failed(error.message)
        }
        let left = system.boot?["BootSourceOverrideEnabled"]?.string ?? "Disabled"
        return left == "Disabled" ? .passed : .failed("clearing left the override \(left)")
    }
}

extension SystemReplay {
    private static let image = "http://192.0.2.1/replay/boot.iso"

    // MARK: - Media

    fileprivate func insertAndEject() async -> ReplayOutcome {
        let before = system.insertedImages
        do {
            let image = try MediaImage(url: Self.image)
            do throws(ProviderError) {
                try await provider.insertMedia(image, into: device)
            } catch {
                // Drives that hold something else are left alone, by design.
                let isTaken = !before.isEmpty && system.insertedImages == before
                return error.isIncapable || isTaken
                    ? .notOffered(error.message) : .failed(error.message)
            }
            guard system.insertedImages.contains(Self.image) else {
                return .failed("no drive holds the image that was put in")
            }
            try await provider.ejectMedia(image, from: device)
            return system.insertedImages == before
                ? .passed : .failed("ejecting left \(system.insertedImages)")
        } catch {
            return .failed("\(error)")
        }
    }
}

extension SimulatedSystem {
    /// Why none of these resets can be asked for; nil if one can.
    fileprivate func reasonAgainst(_ types: Set<String>) -> String? {
        guard hasReset else { return "no reset action was recorded" }
        if takes(types) { return nil }
        return "of the reset types, only these were recorded: "
            + (resetTypes ?? []).joined(separator: ", ")
    }

    fileprivate func takes(_ types: Set<String>) -> Bool {
        resetTypes?.contains(where: types.contains) ?? true
    }
}
