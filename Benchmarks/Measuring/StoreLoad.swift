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
        var revision: UInt64 = 0
        var sequence: UInt64 = 0
        while .now < end {
            sequence += 1
            for state in SampleSpec.starts + [.stopping] {
                let record = SampleSpec.record(
                    sequence: sequence, device: device, group: "workers", state: state,
                    revision: revision)
                let begin = ContinuousClock.now
                revision = try await store.commit(
                    StoreCommit(puts: [record], sequence: sequence))
                own.append(.now - begin)
            }
        }
        // Nothing is left of it for the next row.
        _ = try await store.commit(
            StoreCommit(
                puts: [DeviceRecord(key: .device(device), revision: revision)],
                sequence: sequence))
        return own
    }
}
