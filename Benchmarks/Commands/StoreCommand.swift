import ArgumentParser
import Core
import StateFile
import Foundation
import Logging

/// How many durable changes a second the state store makes, and how fast it starts.
struct StoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store",
        abstract: "Measure the state store: durable changes, start, memory.",
        discussion: """
            The store is in this process; what starts, in one of its own each time. A change moves \
            an instance from one state to another, the record as large as an ordinary instance's. \
            The peer writes as many bytes as one change and syncs them (fdatasync), over and over, \
            to a file on the same disk; it is measured before and after each row, and the ratios \
            are those to the one and to the other. No row begins while a fold of the one before is \
            under way.
            """)

    @Option(help: "Where to put the temporary folder: the disk under it is measured, too.")
    var folder = "/tmp"

    @Option(help: "How many instances there are; may be given several times.")
    var instances: [Int] = [100, 10_000, 100_000]

    @Option(help: "How many callers make changes at one time; may be given several times.")
    var callers: [Int] = [1, 32, 500]

    @Option(help: "How many seconds a row is measured for.")
    var seconds = 3

    func run() async throws {
        #if DEBUG
            print("warning: a debug build says nothing; run with: swift run -c release benchmarks")
        #endif
        print("machine: \(Machine.description)")
        let folder = try TemporaryFolder(in: folder)
        defer { folder.remove() }
        var changes = Table([
            "instances", "callers", "changes/s", "p50 ms", "p99 ms", "µs CPU a change",
            "write+fdatasync/s before", "after", "ratios",
        ])
        var starts = Table([
            "instances", "state MB", "journal MB", "start s", "CPU s", "clean start s",
            "clean stop s", "bytes of memory an instance",
        ])
        for count in instances {
            try await measure(count, folder.path + "/\(count).json", &changes, &starts)
        }
        changes.print()
        print("")
        starts.print()
    }

    private func measure(
        _ count: Int, _ path: String, _ changes: inout Table, _ starts: inout Table
    ) async throws {
        let store = try FileStore(path: path, logger: Self.silent)
        _ = try await store.load()
        try await store.fill(count: count, prefix: "d") { SampleSpec.groups[$0 % 4] }
        for callers in callers {
            let bench = StoreLoad(store: store, instances: count, callers: callers)
            await store.waitForFold()
            let before = try SyncPeer.rate(folder: path, bytes: StoreLoad.bytesOfChange)
            let cpu = ProcessorTime.own
            let outcome = try await bench.run(for: .seconds(seconds))
            let used = ProcessorTime.own - cpu
            await store.waitForFold()
            let after = try SyncPeer.rate(folder: path, bytes: StoreLoad.bytesOfChange)
            changes.add([
                count.text, callers.text, outcome.rate.text(0),
                outcome.latencies.median.inMilliseconds.text(2),
                outcome.latencies.percentile(0.99).inMilliseconds.text(2),
                (used.inSeconds * 1_000_000 / Double(outcome.count)).text(0), before.text(0),
                after.text(0),
                "\((outcome.rate / before).text(1)), \((outcome.rate / after).text(1))",
            ])
        }
        await store.waitForFold()
        let journal = try Self.journalBytes(beside: path)
        // As a killed daemon leaves it: with a journal that is not folded.
        let copy = path + ".killed.json"
        try Self.copyState(path, to: copy)
        let stop = ContinuousClock.now
        await store.close()
        let stopped = ContinuousClock.now - stop
        let start = try await StoreStart.measured(at: copy)
        let clean = try await StoreStart.measured(at: copy)
        let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
        starts.add([
            count.text, (Double(size) / 1_000_000).text(1), (Double(journal) / 1_000_000).text(1),
            start.seconds.text(2), start.processorSeconds.text(2), clean.seconds.text(2),
            stopped.inSeconds.text(2), (start.memory / count).text,
        ])
    }

    private static let silent = Logger(label: "store") { _ in SwiftLogNoOpLogHandler() }

    private static func segments(beside path: String) throws -> [String] {
        let url = URL(fileURLWithPath: path)
        let stem = url.deletingPathExtension().lastPathComponent + ".journal."
        return try FileManager.default.contentsOfDirectory(
            atPath: url.deletingLastPathComponent().path
        ).filter { $0.hasPrefix(stem) }.map { url.deletingLastPathComponent().path + "/" + $0 }
    }

    private static func journalBytes(beside path: String) throws -> Int {
        try segments(beside: path).reduce(0) { sum, segment in
            sum + (try FileManager.default.attributesOfItem(atPath: segment)[.size] as? Int ?? 0)
        }
    }

    /// Copies a state that nobody writes to.
    private static func copyState(_ path: String, to copy: String) throws {
        try FileManager.default.copyItem(atPath: path, toPath: copy)
        for segment in try segments(beside: path) {
            let number = segment.split(separator: ".").last.map(String.init) ?? ""
            try FileManager.default.copyItem(
                atPath: segment, toPath: String(copy.dropLast(5)) + ".journal." + number)
        }
    }
}
