import ArgumentParser
import CMalloc
import Core
import StateFile
import Foundation
import Logging
import Processes

/// Starts a store, tells what that took, and stops it again.
struct StoreStartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store-start", abstract: "Start one store, for `store`.", shouldDisplay: false)

    @Argument(help: "The state file.")
    var path: String

    func run() async throws {
        let store = try FileStore(
            path: path, logger: Logger(label: "store") { _ in SwiftLogNoOpLogHandler() })
        let id = ProcessInfo.processInfo.processIdentifier
        let before = try ProcessMemory(of: id).anonymous
        let (begin, cpu) = (ContinuousClock.now, ProcessorTime.own)
        let loaded = try await store.load()
        let (elapsed, used) = (ContinuousClock.now - begin, ProcessorTime.own - cpu)
        // The fold that a start begins takes memory of its own for a while.
        await store.waitForFold()
        malloc_trim(0)
        let after = try ProcessMemory(of: id).anonymous
        let start = StoreStart(
            seconds: elapsed.inSeconds, processorSeconds: used.inSeconds,
            memory: max(0, after - before) * 1024)
        withExtendedLifetime(loaded) { print(start.line) }
        await store.close()
    }
}

/// What the start of a store took, in a process of its own.
struct StoreStart {
    let seconds: Double
    let processorSeconds: Double
    /// By how many bytes the process grew: the store's records, and those that it handed over.
    let memory: Int

    private static let mark = "started:"

    var line: String { "\(Self.mark) \(seconds) \(processorSeconds) \(memory)" }

    init(seconds: Double, processorSeconds: Double, memory: Int) {
        self.seconds = seconds
        self.processorSeconds = processorSeconds
        self.memory = memory
    }

    /// Starts the store in a fresh process, and stops it.
    static func measured(at path: String) async throws -> StoreStart {
        let process = try ChildProcess(
            ChildProcess.ownExecutable, ["store-start", path], limit: .seconds(300))
        await process.waitForEnd()
        let words = process.output.split(separator: "\n").last { $0.hasPrefix(mark) }?
            .split(separator: " ")
        guard let words, words.count == 4, let seconds = Double(words[1]),
            let processorSeconds = Double(words[2]), let memory = Int(words[3])
        else { throw BenchmarkError("\(path): not started: \(process.output)") }
        return StoreStart(seconds: seconds, processorSeconds: processorSeconds, memory: memory)
    }
}
