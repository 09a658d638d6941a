import Core
import Foundation
import Locking
import Logging
import Testing

/// A folder of its own, removed with the last reference.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "rackpool-test-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        do { try FileManager.default.removeItem(atPath: path) } catch {}
    }
}

/// A store in memory whose commits fail when a test says so.
final class MemoryStore: Store {
    fileprivate struct State {
        var records: [RecordKey: DeviceRecord] = [:]
        var sequence: UInt64 = 0
        var revision: UInt64 = 0
        var fault: StoreError?
        var isFaulty: @Sendable (DeviceRecord) -> Bool = { _ in true }
        var isHeld = false
        var held: [CheckedContinuation<Void, Never>] = []
        var writes: [DeviceRecord] = []
    }

    private let state = Mutex(State())

    /// A store that holds these records already.
    init(_ records: [DeviceRecord] = [], sequence: UInt64 = 0) {
        state.withLock { state in
            for record in records {
                state.revision = max(state.revision, record.revision, 1)
                var record = record
                record.revision = max(1, record.revision)
                state.records[record.key] = record
            }
            state.sequence = sequence
        }
    }

    var records: [RecordKey: DeviceRecord] { state.withLock { $0.records } }
    /// Everything that was written, in its order.
    var writes: [DeviceRecord] { state.withLock { $0.writes } }

    /// From now on commits fail that write such a record; nil lets them succeed again.
    func fail(
        with fault: StoreError?,
        where isFaulty: @escaping @Sendable (DeviceRecord) -> Bool = { _ in true }
    ) {
        state.withLock { state in
            state.fault = fault
            state.isFaulty = isFaulty
        }
    }

    /// Holds commits, before they do anything, until ``open()``.
    func hold() { state.withLock { $0.isHeld = true } }

    /// How many commits are held.
    var heldCount: Int { state.withLock { $0.held.count } }

    func open() {
        let held = state.withLock { state in
            defer {
                state.isHeld = false
                state.held = []
            }
            return state.held
        }
        for continuation in held { continuation.resume() }
    }

    func load() async throws(StoreError) -> StoredPool {
        state.withLock { state in
            StoredPool(
                records: Array(state.records.values), sequence: state.sequence,
                revision: state.revision)
        }
    }

    func changes(after revision: UInt64) async throws(StoreError) -> StoredPool? { nil }

    func commit(_ commit: StoreCommit) async throws(StoreError) -> UInt64 {
        await withCheckedContinuation { continuation in
            let passes = state.withLock { state in
                guard state.isHeld else { return true }
                state.held.append(continuation)
                return false
            }
            if passes { continuation.resume() }
        }
        let outcome: Result<UInt64, StoreError> = state.withLock { state in
            if let fault = state.fault, commit.puts.contains(where: state.isFaulty) {
                return .failure(fault)
            }
            return state.commit(commit)
        }
        return try outcome.get()
    }

    func close() async {}
}

extension MemoryStore.State {
    fileprivate mutating func commit(_ commit: StoreCommit) -> Result<UInt64, StoreError> {
        for put in commit.puts where (records[put.key]?.revision ?? 0) != put.revision {
            return .failure(.conflict(put.key))
        }
        var next = records
        for put in commit.puts {
            var record = put
            record.revision = revision + 1
            next[put.key] = put.isBlank ? nil : record
            writes.append(record)
        }
        for put in commit.puts {
            guard let held = put.heldLogicalID, records[put.key]?.heldLogicalID != held,
                let other = next.values.first(where: {
                    $0.key != put.key && $0.heldLogicalID == held
                })
            else { continue }
            writes.removeLast(commit.puts.count)
            return .failure(.logicalIDHeld(held, by: other.key))
        }
        records = next
        revision += 1
        sequence = max(sequence, commit.sequence)
        return .success(revision)
    }
}

/// A pool with fake hardware.
struct Rig {
    let provider: FakeProvider
    let store: MemoryStore
    let time = ManualTime()
    let pool: Pool
    let manager: PoolManager

    /// Devices `d01`, `d02`, … in racks of ten: `rack=r1`, `rack=r2`, …
    static func devices(_ count: Int) -> [Device] {
        (0..<count).map { index in
            let number = index + 1
            return Device(
                name: "d" + (number < 10 ? "0" : "") + "\(number)", provider: "fake",
                bmc: "fake://\(number)", labels: ["rack": "r\(index / 10 + 1)"])
        }
    }

    init(
        _ count: Int, store: MemoryStore = MemoryStore(), provider: FakeProvider = FakeProvider(),
        times: ReconcilerTimes = .prompt
    ) async throws {
        try await self.init(
            devices: Self.devices(count), store: store, provider: provider, times: times)
    }

    init(
        devices: [Device], store: MemoryStore = MemoryStore(),
        provider: FakeProvider = FakeProvider(), times: ReconcilerTimes = .prompt
    ) async throws {
        self.provider = provider
        self.store = store
        provider.place(devices)
        pool = try await Pool(inventory: devices, store: store, time: time)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        manager = PoolManager(
            pool: pool, providers: ["fake": provider], time: time, times: times,
            logger: logger)
    }

    /// The same hardware and store under a daemon that has just been started.
    func restarted() async throws -> Rig {
        try await Rig(
            devices: await pool.statuses().compactMap(\.device).sorted { $0.name < $1.name },
            store: store, provider: provider)
    }

    /// What an instance's claim is at; nil if it is gone.
    func state(of id: String) async -> ClaimState? {
        await pool.instance(id)?.claim.state
    }

    /// Destroys an instance and waits until its machine is off and free.
    func destroy(_ id: String) async throws {
        try await manager.destroy(id)
        await manager.waitUntilIdle()
    }

    func ids(_ tags: [String: String] = [:]) async -> [String] {
        await pool.described(with: tags).map(\.id)
    }
}

extension ClaimSpec {
    static func group(
        _ group: String, _ properties: JSON = .null, logicalID: String? = nil
    ) -> ClaimSpec {
        ClaimSpec(properties: properties, tags: ["infrakit.group": group], logicalID: logicalID)
    }
}

extension ReconcilerTimes {
    /// The defaults, but that a server which was shut down is off at once: most tests have no guest
    /// that restarts, and no clock that goes on by itself.
    static var prompt: ReconcilerTimes {
        var times = ReconcilerTimes()
        times.guestRestart = .zero
        return times
    }
}
