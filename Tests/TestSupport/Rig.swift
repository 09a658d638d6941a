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

/// A store in memory whose writes fail when a test says so.
final class MemoryStore: Store {
    private struct State {
        var records: [RecordKey: DeviceRecord] = [:]
        var sequence: UInt64 = 0
        var fault: StoreError?
        var writes: [DeviceRecord] = []
    }

    private let state = Mutex(State())

    var records: [RecordKey: DeviceRecord] { state.withLock { $0.records } }
    var writes: [DeviceRecord] { state.withLock { $0.writes } }

    func fail(with fault: StoreError?) { state.withLock { $0.fault = fault } }

    func load() async throws(StoreError) -> StoredPool {
        StoredPool(records: Array(records.values))
    }

    func write(_ record: DeviceRecord, replacing version: UInt64) async throws(StoreError) {
        let fault: StoreError? = state.withLock { state in
            if let fault = state.fault { return fault }
            guard (state.records[record.key]?.version ?? 0) == version else {
                return .conflict(record.key)
            }
            state.records[record.key] = record.isBlank ? nil : record
            state.writes.append(record)
            return nil
        }
        if let fault { throw fault }
    }

    func nextSequence() async throws(StoreError) -> UInt64 {
        state.withLock { state in
            state.sequence += 1
            return state.sequence
        }
    }

    func close() async {}
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
        _ count: Int, store: MemoryStore = MemoryStore(), provider: FakeProvider = FakeProvider()
    ) async throws {
        try await self.init(devices: Self.devices(count), store: store, provider: provider)
    }

    init(
        devices: [Device], store: MemoryStore = MemoryStore(),
        provider: FakeProvider = FakeProvider()
    ) async throws {
        self.provider = provider
        self.store = store
        pool = try await Pool(inventory: devices, store: store, time: time)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        manager = PoolManager(
            pool: pool, providers: ["fake": provider], time: time, logger: logger)
    }

    /// The same hardware and store under a daemon that has just been started.
    func restarted() async throws -> Rig {
        try await Rig(
            devices: await pool.statuses().compactMap(\.device).sorted { $0.name < $1.name },
            store: store, provider: provider)
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
