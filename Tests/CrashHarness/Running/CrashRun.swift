import InfraKit
import Core
import StateFile
import Foundation
import HTTPClient
import Locking
import Processes
import Randomness
import Simulator

/// One seed's run: a rack, a home, and a daemon that is killed and started again.
final class CrashRun {
    private let seed: UInt64
    let home: String
    let rack: SimulatedRack
    private let http = HTTPClient()
    let ledger = Ledger()
    private let clients: Int
    private let trouble: Trouble
    private var numbers: SeededNumbers
    var summary: RunSummary

    /// How long a daemon may take to start and a quiet pool to settle, on a busy machine.
    private static let patience: Duration = .seconds(120)

    /// How long a daemon that was told to stop may take before it is killed: it waits so long for what
    /// runs, and for BMCs that don't answer.
    private static let longestStop: Duration = .seconds(15)

    init(seed: UInt64, devices: Int, clients: Int) async throws {
        self.seed = seed
        self.clients = clients
        home = NSTemporaryDirectory() + "rackpool-crash-\(getpid())-\(seed)"
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        var configuration = RackConfiguration(count: devices)
        configuration.initialPower = .off
        configuration.powerDelay = .milliseconds(5)
        configuration.shutdownDelay = .milliseconds(10)
        configuration.protocols = .mixed
        configuration.credentials = Credentials(username: "admin", password: Secret("pass"))
        // A daemon that is killed leaves its sessions, which BMCs keep for a minute.
        configuration.ipmi.sessionLimit = 200
        rack = try SimulatedRack(configuration)
        try await rack.start()
        try rack.inventoryYAML().write(
            toFile: home + "/inventory.yaml", atomically: true, encoding: .utf8)
        numbers = SeededNumbers(seed: seed)
        trouble = Trouble(rack, seed: seed ^ 0xFEED)
        summary = RunSummary(seed: seed)
    }

    /// Kills the daemon so often, or until nothing is left to aim at, and ends with a quiet pool.
    /// - Parameter aims: see ``KillPlan``.
    func perform(kills: Int, aims: [NamedStep]) async -> RunSummary {
        var plan = KillPlan(seed: seed, kills: kills, aims: aims)
        do {
            while summary.killCount < kills, !plan.isDone, summary.violations.isEmpty {
                let moment = plan.next()
                let ending = try await live(until: moment)
                summary.count(ending)
                plan.note(ending)
            }
            if summary.violations.isEmpty { try await finish() }
        } catch {
            summary.violations.append("\(error)")
        }
        summary.requests = trouble.seen.counts
        if !summary.violations.isEmpty { summary.home = home }
        return summary
    }

    func end(keepingFiles: Bool) async {
        await rack.shutdown()
        http.shutdown()
        guard !keepingFiles else { return }
        do { try FileManager.default.removeItem(atPath: home) } catch {
            print("\(home) could not be removed: \(error.localizedDescription)")
        }
    }

    var plugin: PluginClient {
        PluginClient(socketPath: home + "/plugins/rackpool", http: http)
    }

    // MARK: Steps

    /// How a daemon's life ended.
    enum Ending: Sendable, Hashable {
        /// At a named step, though perhaps not at the one that was aimed at.
        case at(NamedStep)
        /// Killed at some time.
        case byClock
        /// The daemon was told to stop, and the moment did not come.
        case byStop
    }

    /// One daemon's life.
    private func live(until moment: KillMoment) async throws -> Ending {
        summary.lives += 1
        let aimed: AimedRequest? =
            if case .step(.request(let kind, let point), let number, _) = moment {
                AimedRequest(kind, point, number: number)
            } else {
                nil
            }
        trouble.look(for: aimed)
        let daemon = try spawn(dyingAt: moment.fileStep)
        aimed?.arm { daemon.send(SIGKILL) }
        let ending: Ending
        do {
            try await daemon.wait(for: "serving")
            try await check("start \(summary.lives)")
            ending = try await load(daemon, until: moment, aimed)
        } catch {
            // It may come to its step before it serves, or while it is asked how things stand.
            guard moment.name != nil else { throw error }
            await daemon.waitForEnd()
            guard let step = reached(moment, aimed, daemon, wasStopped: false) else {
                throw error
            }
            ending = .at(step)
        }
        keepLog(of: daemon)
        if daemon.output.contains("Fatal error") {
            summary.violations.append("the daemon crashed: \(daemon.output.suffix(500))")
        }
        return ending
    }

    private func spawn(dyingAt step: FileStep? = nil) throws -> ChildProcess {
        let executable = ChildProcess.ownURL.deletingLastPathComponent()
            .appendingPathComponent("rackpool").path
        var environment = ["INFRAKIT_HOME": home, "INFRAKIT_PLUGINS_DIR": ""]
        environment["RACKPOOL_DIE_AT"] = step?.description
        return try ChildProcess(
            executable,
            [
                "--inventory", home + "/inventory.yaml", "--interval", "100ms", "--log", "5",
            ], environment: environment, limit: .seconds(300))
    }

    /// The named step at which a daemon that is dead died.
    private func reached(
        _ moment: KillMoment, _ aimed: AimedRequest?, _ daemon: ChildProcess, wasStopped: Bool
    ) -> NamedStep? {
        // Only debug builds end themselves at a step of the store.
        if case .step(.store(let kind, _), _, _) = moment {
            return daemon.output.contains("dies ") ? .store(kind, isStop: wasStopped) : nil
        }
        return aimed?.hasCome == true ? moment.name : nil
    }

    private func keepLog(of daemon: ChildProcess) {
        if !FileManager.default.createFile(
            atPath: home + "/daemon.log", contents: Data(daemon.output.utf8))
        {
            print("\(home)/daemon.log could not be written")
        }
    }

    /// Keeps the daemon busy until the moment has come, or the load's time is over, and kills it.
    private func load(
        _ daemon: ChildProcess, until moment: KillMoment, _ aimed: AimedRequest?
    ) async throws -> Ending {
        trouble.begin(moment.emphasis)
        let parts = await withTaskGroup(of: LoadPart.self) { group in
            for number in 1...clients {
                var client = LoadClient(
                    number: number, plugin: plugin, ledger: ledger, devices: rack.bmcs.count,
                    mediaShare: moment.emphasis == .media ? 70 : 15,
                    numbers: SeededNumbers(seed: numbers.next()))
                group.addTask { .calls(await client.run()) }
            }
            let trouble = trouble
            group.addTask {
                .end(await Self.end(of: daemon, at: moment, trouble))
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        var end = DaemonEnd()
        for part in parts {
            switch part {
            case .calls(let count): summary.add(count)
            case .end(let reached): end = reached
            }
        }
        try await trouble.end()
        if let step = reached(moment, aimed, daemon, wasStopped: end.wasStopped) {
            return .at(step)
        }
        return end.isClean ? .byStop : .byClock
    }

    /// What the tasks of a load end with.
    private enum LoadPart: Sendable {
        case calls(LoadClient.Counts)
        case end(DaemonEnd)
    }

    private struct DaemonEnd: Sendable {
        /// Whether the daemon was told to stop while it lived.
        var wasStopped = false
        /// Whether it ended by itself then, and nothing killed it.
        var isClean = false
    }

    /// Returns when the daemon is dead. A moment that does not come is not waited for longer than the
    /// load can take to bring it about.
    private static func end(
        of daemon: ChildProcess, at moment: KillMoment, _ trouble: Trouble
    ) async -> DaemonEnd {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                while await pause(.milliseconds(40)) {
                    do { try await trouble.strike() } catch { print("the rack: \(error)") }
                }
                return false
            }
            group.addTask {
                await daemon.waitForEnd()
                return true
            }
            let stop = Mutex(false)
            group.addTask {
                guard let time = moment.stop else {
                    _ = await pause(moment.longestLoad)
                    return false
                }
                guard await pause(time), !daemon.hasEnded else { return false }
                stop.withLock { $0 = true }
                daemon.send(SIGTERM)
                // What runs is waited for: with BMCs that answer, that is soon over.
                do { try await trouble.mend() } catch { print("the rack: \(error)") }
                _ = await pause(Self.longestStop)
                return false
            }
            // Whichever is first: the strikes end only when they are told to.
            let hasEnded = await group.next() ?? false
            group.cancelAll()
            let wasKilled = daemon.output.contains("dies ") || !hasEnded
            // Who waits for its end is not to be cancelled.
            await daemon.end(with: SIGKILL)
            let wasStopped = stop.withLock { $0 }
            return DaemonEnd(wasStopped: wasStopped, isClean: wasStopped && !wasKilled)
        }
    }

    /// Whether the time passed, and was not cut short. Not a wait for something: a kill at a random
    /// moment, and the bound of a load, are times and no events.
    private static func pause(_ time: Duration) async -> Bool {
        do {
            try await Task.sleep(for: time)
            return true
        } catch {
            return false
        }
    }

    /// Starts the daemon once more over hardware that works, lets it finish what was begun, and
    /// compares everything.
    private func finish() async throws {
        let daemon = try spawn()
        try await daemon.wait(for: "serving")
        try await check("the last start")
        let deadline = ContinuousClock.now + Self.patience
        var remarks: [String] = []
        repeat {
            _ = try await plugin.call("Rackpool.Sync", timeout: .seconds(60))
            remarks = try await unrest()
        } while !remarks.isEmpty && ContinuousClock.now < deadline
        summary.violations += remarks.map { "at the end: \($0)" }
        await daemon.end(with: SIGTERM)
        keepLog(of: daemon)
        if daemon.output.contains("Fatal error") {
            summary.violations.append("the daemon crashed at its end: \(daemon.output.suffix(500))")
        }
    }
}
