import Core
import StateFile
import Locking

/// Callers that change records as the pool does, each those of its own devices.
struct StoreLoad {
    let store: FileStore
    let instances: Int
    let callers: Int

    /// About what one change takes in the journal.
    static let bytesOfChange = 1100

    func run(for time: Duration) async throws -> Load.Outcome {
        let start = ContinuousClock.now
        let latencies = try await withThrowingTaskGroup(of: [Duration].self) { group in
            for caller in 0..<callers {
                group.addTask { try await change(caller, until: start + time) }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        return Load.Outcome(
            count: latencies.count, elapsed: .now - start, latencies: Samples(latencies))
    }

    /// A caller's own device is claimed, started, active, and released, again and again.
    private func change(_ caller: Int, until end: ContinuousClock.Instant) async throws
        -> [Duration]
    {
        var own: [Duration] = []
        let device = "caller\(callers)-\(caller)"
        var version: UInt64 = 0
        let phases: [Claim.Phase] = [
            .provisioning(.claimed), .provisioning(.starting), .active, .releasing,
        ]
        while .now < end {
            let sequence = try await store.nextSequence()
            for phase in phases {
                let begin = ContinuousClock.now
                try await store.write(
                    SampleSpec.record(
                        sequence: sequence, device: device, group: "workers", phase: phase,
                        version: version + 1), replacing: version)
                own.append(.now - begin)
                version += 1
            }
        }
        // Nothing is left of it for the next row.
        try await store.write(
            DeviceRecord(key: .device(device), version: version + 1), replacing: version)
        return own
    }
}
