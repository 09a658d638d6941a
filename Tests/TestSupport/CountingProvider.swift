import Core
import Locking

/// Fake hardware that counts what is in flight, and remembers what was forgotten.
final class CountingProvider: ForwardingProvider {
    private struct State {
        var inFlight: [String: Int] = [:]
        var highest = 0
        var highestPerBMC = 0
        var forgotten: [Device] = []
        var observed: [Device] = []
    }

    let fake: FakeProvider
    private let state = Mutex(State())

    init(_ fake: FakeProvider) {
        self.fake = fake
    }

    /// The highest number of looks that were under way at one time.
    var highest: Int { state.withLock { $0.highest } }
    /// The same at one BMC.
    var highestPerBMC: Int { state.withLock { $0.highestPerBMC } }
    var forgotten: [Device] { state.withLock { $0.forgotten } }
    var observed: [Device] { state.withLock { $0.observed } }

    func observe(_ device: Device) async throws(ProviderError) -> Observation {
        state.withLock { state in
            state.observed.append(device)
            state.inFlight[device.bmc, default: 0] += 1
            state.highestPerBMC = max(state.highestPerBMC, state.inFlight[device.bmc] ?? 0)
            state.highest = max(state.highest, state.inFlight.values.reduce(0, +))
        }
        defer { state.withLock { $0.inFlight[device.bmc, default: 0] -= 1 } }
        for _ in 0..<10 { await Task.yield() }
        return try await fake.observe(device)
    }

    func forget(_ device: Device) async {
        state.withLock { $0.forgotten.append(device) }
        await fake.forget(device)
    }
}
