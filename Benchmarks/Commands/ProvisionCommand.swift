import ArgumentParser
import Core
import StateFile
import Foundation

/// How many provisions a second are made durable and confirmed.
struct ProvisionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "provision",
        abstract: "Measure the rate of provisions against simulated BMCs.",
        discussion: """
            The rack and the plugin are processes of their own and share the machine. A provision \
            is three durable changes of a record and a handful of requests to a BMC that takes 1 ms \
            to switch the power. The peers: the state store alone, making the same three changes \
            with the same number of callers, and the disk alone, replacing a file of the size that \
            the state file has then.
            """)

    /// One row of the table.
    private struct Level {
        let callers: Int
        let count: Int
    }

    /// What was seen at a level.
    private struct Row {
        let own: Load.Outcome
        let store: Load.Outcome
        /// Replaced files a second.
        let disk: Double
        let stateBytes: Int
    }

    private static let levels = [
        Level(callers: 1, count: 200), Level(callers: 32, count: 1000),
        Level(callers: 500, count: 2000),
    ]

    @OptionGroup var options: SharedOptions

    @Option(help: "How many instances the state file holds before the first provision.")
    var existing = 0

    func validate() throws {
        guard (0...100_000).contains(existing) else {
            throw ValidationError("--existing \(existing): give a number from 0 to 100000.")
        }
    }

    func run() async throws {
        try await options.inTemporaryFolder { folder, executable in
            var table = Table([
                "BMCs", "callers", "provisions", "provisions/s", "p50 ms", "p99 ms",
                "store alone/s", "ratio", "state KB", "disk alone, files/s",
            ])
            for https in [false, true] {
                let rows = try await measure(folder, executable, https: https)
                for (level, row) in zip(Self.levels, rows) {
                    table.add([
                        https ? "HTTPS" : "HTTP", "\(level.callers)", level.count.text,
                        row.own.rate.text(0), row.own.latencies.median.inMilliseconds.text(1),
                        row.own.latencies.percentile(0.99).inMilliseconds.text(1),
                        row.store.rate.text(0), (row.own.rate / row.store.rate).text(2),
                        (row.stateBytes / 1000).text, row.disk.text(0),
                    ])
                }
            }
            table.print()
        }
    }

    /// The rack's devices run out exactly at the end, so nothing is destroyed between the levels.
    private func measure(
        _ folder: TemporaryFolder, _ executable: String, https: Bool
    ) async throws -> [Row] {
        let home = try folder.subfolder(https ? "https" : "http")
        try await fill(Plugin.statePath(home: home))
        let count = Self.levels.reduce(0) { $0 + $1.count }
        let rack = try await SimulatorProcess.start(
            executable, count: count, https: https, folder: home + "/rack")
        do {
            let plugin = try await Plugin.start(executable, home: home, inventory: rack.inventory)
            do {
                let rows = try await rows(of: plugin, home: home)
                await plugin.end()
                await rack.end()
                return rows
            } catch {
                await plugin.end()
                throw error
            }
        } catch {
            await rack.end()
            throw error
        }
    }

    // A disk's speed changes from minute to minute, so each level has its peers beside it.
    private func rows(of plugin: Plugin, home: String) async throws -> [Row] {
        let peerPath = home + "/peer/state.json"
        try await fill(peerPath)
        let store = try FileStore(path: peerPath)
        _ = try await store.load()
        var rows: [Row] = []
        var (expected, sequence) = (existing, UInt64(existing))
        for level in Self.levels {
            let own = try await Load.run(count: level.count, callers: level.callers) { _ in
                _ = try await plugin.provision(SampleSpec.toProvision)
            }
            expected += level.count
            let active = try plugin.stored(.running)
            guard active == expected else {
                throw BenchmarkError(
                    "\(expected) instances should be active in the state, but \(active) are")
            }
            let first = sequence + 1
            sequence += UInt64(level.count)
            let alone = try await Load.run(count: level.count, callers: level.callers) { number in
                try await Self.change(store, sequence: first + UInt64(number))
            }
            let attributes = try FileManager.default.attributesOfItem(atPath: peerPath)
            let bytes = attributes[.size] as? Int ?? 0
            rows.append(
                Row(
                    own: own, store: alone, disk: try DiskPeer.rate(folder: home, bytes: bytes),
                    stateBytes: bytes))
        }
        await store.close()
        return rows
    }

    private func fill(_ path: String) async throws {
        guard existing > 0 else { return }
        let store = try FileStore(path: path)
        _ = try await store.load()
        try await store.fill(count: existing, prefix: "old", hasMachines: false) { _ in "old" }
        await store.close()
    }

    // What a provision writes: the claim, that the device was off, that it runs.
    private static func change(_ store: FileStore, sequence: UInt64) async throws {
        var revision: UInt64 = 0
        for state in SampleSpec.starts {
            let record = SampleSpec.record(
                sequence: sequence, device: "d\(sequence)", group: "workers", state: state,
                revision: revision)
            revision = try await store.commit(StoreCommit(puts: [record], sequence: sequence))
        }
    }
}
