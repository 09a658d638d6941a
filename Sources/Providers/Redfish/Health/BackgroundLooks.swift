internal import Core
internal import Locking

/// Finds out why a routine look says that a device is not well, where it does not say so itself:
/// by deep looks in the background, one at a time for a BMC, and for a status that stays the same
/// one in ``pause``.
final class BackgroundLooks: Sendable {
    /// How long an outcome stands while the status stays the same.
    static let pause: Duration = .seconds(600)
    private static let maximumReasons = 10

    /// A look that was begun.
    private struct Begun {
        /// What the routine look said that led to it.
        let symptoms: [String]
        let at: Duration
        var report: HealthReport?
    }

    private struct Running {
        let device: String
        let number: UInt64
        let task: Task<Void, Never>
    }

    private struct State {
        var begun: [String: Begun] = [:]
        var running: [BMCAddress: Running] = [:]
        var number: UInt64 = 0
        var isShutDown = false
    }

    private let time: any TimeSource
    private let state = Mutex(State())

    init(time: any TimeSource) {
        self.time = time
    }

    /// The observation with what is known of its causes. Begins a deep look if nothing is.
    /// - Parameters:
    ///   - look: makes the deep look; returns nil if it failed, which counts as one that found
    ///     nothing.
    func explained(
        _ observation: Observation, of device: Device,
        _ look: @escaping @Sendable () async -> HealthReport?
    ) -> Observation {
        let address = BMCAddress(device.bmc)
        return state.withLock { state in
            let known = state.begun[device.name]
            let isCurrent = known?.symptoms == observation.reasons
            let isDue = known.map { time.uptime - $0.at >= Self.pause } ?? true
            if !isCurrent || isDue, state.running[address] == nil, !state.isShutDown {
                begin(look, device, address, observation.reasons, &state)
            }
            guard isCurrent, let report = known?.report else { return observation }
            return observation.explained(by: report, limit: Self.maximumReasons)
        }
    }

    /// Drops what is known of a device, because it is well or explains itself.
    func dismiss(_ device: Device) {
        _ = state.withLock { $0.begun.removeValue(forKey: device.name) }
    }

    /// Drops what is known of a device and aborts the look at it.
    func forget(_ device: Device) async {
        let running = state.withLock { state -> Task<Void, Never>? in
            state.begun[device.name] = nil
            return state.running.values.first { $0.device == device.name }?.task
        }
        running?.cancel()
        await running?.value
    }

    /// Aborts all looks; no other is begun.
    func shutdown() async {
        let running = state.withLock { state in
            state.isShutDown = true
            state.begun = [:]
            return state.running.values.map(\.task)
        }
        for task in running { task.cancel() }
        for task in running { await task.value }
    }

    /// How many looks are under way.
    var count: Int { state.withLock { $0.running.count } }

    private func begin(
        _ look: @escaping @Sendable () async -> HealthReport?, _ device: Device,
        _ address: BMCAddress, _ symptoms: [String], _ state: inout State
    ) {
        state.number += 1
        let number = state.number
        // While a new one is made, the last one's outcome stands.
        let last = state.begun[device.name].flatMap { $0.symptoms == symptoms ? $0.report : nil }
        state.begun[device.name] = Begun(symptoms: symptoms, at: time.uptime, report: last)
        let task = Task { [weak self] in
            let report = await look()
            self?.end(number, at: address, symptoms, report)
        }
        state.running[address] = Running(device: device.name, number: number, task: task)
    }

    private func end(
        _ number: UInt64, at address: BMCAddress, _ symptoms: [String], _ report: HealthReport?
    ) {
        state.withLock { state in
            guard let running = state.running[address], running.number == number else { return }
            state.running[address] = nil
            // Forgotten, or changed, meanwhile.
            guard state.begun[running.device]?.symptoms == symptoms, let report else { return }
            state.begun[running.device]?.report = report
        }
    }
}

extension Observation {
    /// With what a deep look found for reasons. What says no more than that something is wrong
    /// gives way to what says why.
    fileprivate func explained(by report: HealthReport, limit: Int) -> Observation {
        guard !report.findings.isEmpty else { return self }
        var explained = self
        let found = report.reasons
        let isExplained = report.health >= health
        let kept = reasons.filter { !found.contains($0) && (!isExplained || $0.hasCause) }
        explained.reasons = Array((found + kept).prefix(limit))
        return explained
    }
}

extension String {
    // `PSU 2: Critical: input lost`, not `System: Critical`.
    fileprivate var hasCause: Bool {
        split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).count > 2
    }
}
