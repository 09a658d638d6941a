@testable import Core
@testable import StateFile

/// A disk that a test has take long over a call, with one state on it.
struct SlowDisk {
    let disk = FaultyDisk(seed: 1)

    func makeStore(_ settings: StoreSettings = StoreSettings()) throws -> FileStore {
        try FileStore(
            path: StoreTrial.path, files: disk.start(), settings: settings,
            logger: StoreTrial.silent)
    }

    /// One whose journal is folded after each change.
    func makeFoldingStore() throws -> FileStore {
        var settings = StoreSettings()
        settings.foldAfter = 1
        return try makeStore(settings)
    }

    /// What a process that starts after a power cut finds.
    func durable() throws -> Set<RecordKey> {
        disk.cutPower()
        let state = try StateLoader(
            names: StateNames(document: StoreTrial.path), files: disk.start()
        ).load()
        return Set(state.image.records.map(\.key))
    }
}
