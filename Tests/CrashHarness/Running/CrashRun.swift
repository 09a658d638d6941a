import Core
import Foundation
import HTTPClient
import InfraKit
import Processes
import Randomness
import Simulator
import StateFile

/// One seed's run: a rack, a home, and a daemon that is killed and started again.
final class CrashRun {
    private let seed: UInt64
    let home: String
    let rack: SimulatedRack
    private let http = HTTPClient()
    let ledger = Ledger()
    let clients: Int
    let trouble: Trouble
    let watch: PowerWatch
    let roster: Roster
    let replacements: Replacements
    var numbers: SeededNumbers
    var summary: RunSummary
    /// Whether the run began with the state of an earlier release.
    private let isUpgrade: Bool
    private let statePath: String
    let inventoryPath: String

    /// Of 100 lives, so many begin with an inventory in which all is right, and without cordons: else
    /// there would soon be nothing to claim.
    private static let tidiness = 60

    /// Of 100 lives, so many begin with a server wherever one was lost.
    private static let filling = 80

    /// How long a daemon may take to start and a quiet pool to settle, on a busy machine.
    private static let patience: Duration = .seconds(120)

    init(seed: UInt64, devices: Int, clients: Int, isUpgrade: Bool) async throws {
        self.seed = seed
        self.clients = clients
        self.isUpgrade = isUpgrade
        home = NSTemporaryDirectory() + "rackpool-crash-\(getpid())-\(seed)"
        statePath = home + "/state/rackpool.json"
        inventoryPath = home + "/inventory.yaml"
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        let credentials = Credentials(username: "admin", password: Secret("pass"))
        var configuration = RackConfiguration(count: devices)
        configuration.initialPower = .off
        configuration.powerDelay = .milliseconds(5)
        configuration.shutdownDelay = .milliseconds(10)
        configuration.protocols = .mixed
        configuration.credentials = credentials
        // A daemon that is killed leaves its sessions, which BMCs keep for a minute.
        configuration.ipmi.sessionLimit = 200
        rack = try SimulatedRack(configuration)
        try await rack.start()
        roster = Roster(rack, credentials: credentials)
        numbers = SeededNumbers(seed: seed)
        replacements = Replacements(rack)
        watch = PowerWatch(rack, replacements, statePath: statePath)
        trouble = Trouble(rack, watch, replacements, seed: seed ^ 0xFEED)
        summary = RunSummary(seed: seed)
        try writeInventory()
        guard isUpgrade else { return }
        try FileManager.default.createDirectory(
            atPath: home + "/state", withIntermediateDirectories: true)
        try FormerPool.text(on: rack, ledger)
            .write(toFile: statePath, atomically: true, encoding: .utf8)
    }

    /// Kills the daemon so often, or until nothing is left to aim at, and ends with a quiet pool.
    /// - Parameter aims: see ``KillPlan``.
    func perform(kills: Int, aims: [NamedStep]) async -> RunSummary {
        var plan = KillPlan(seed: seed, kills: kills, aims: aims, isUpgrade: isUpgrade)
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
        collect("")
        summary.requests = trouble.seen.counts
        summary.mistreated = trouble.mistreatedCount
        summary.replaced = replacements.count
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

    var auditor: Auditor { Auditor(plugin: plugin, ledger: ledger, machines: rack.machines) }

    var lockPath: String { statePath + ".lock" }

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
        try prepareCopy(for: moment)
        let isTidy = numbers.happens(Self.tidiness)
        if isTidy {
            roster.restore()
            try writeInventory()
        }
        if numbers.happens(Self.filling) { try await replacements.fill() }
        let daemon = try spawn(dyingAt: moment.fileStep)
        aimed?.arm { daemon.send(SIGKILL) }
        let ending: Ending
        do {
            try await daemon.wait(for: "serving")
            roster.noteReading()
            try await check("start \(summary.lives)")
            if isTidy {
                try await uncordonAll()
                try await forgetLost()
            }
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
        conclude(daemon, "life \(summary.lives)")
        return ending
    }

    /// Looks through what a daemon that is dead has said, and through what the rack has seen.
    private func conclude(_ daemon: ChildProcess, _ occasion: String) {
        keepLog(of: daemon)
        if daemon.output.contains("Fatal error") {
            summary.violations.append("the daemon crashed: \(daemon.output.suffix(500))")
        }
        // One whose lock is gone takes nothing over.
        if daemon.output.contains(OperatorClient.refusal),
            !daemon.output.contains("writes nothing any more"),
            !daemon.output.contains(OperatorClient.twice)
        {
            summary.violations.append("\(occasion): an inventory was refused that tears nothing")
        }
        collect(occasion)
    }

    /// Takes over what clients and rack have noted.
    private func collect(_ occasion: String) {
        summary.violations += (ledger.takeViolations() + watch.takeViolations())
            .map { occasion.isEmpty ? $0 : "\(occasion): \($0)" }
    }

    /// A copy that is there already serves an upgrade that is tried again; one of another file doesn't.
    private func prepareCopy(for moment: KillMoment) throws {
        guard case .step(.store(let kind, _), _, _) = moment, kind.isOfCopy,
            try StateInspection(path: statePath).format < StateInspection.currentFormat
        else { return }
        let text = try String(contentsOfFile: statePath, encoding: .utf8)
        try (text + "\n").write(toFile: statePath, atomically: true, encoding: .utf8)
    }

    /// Whether each claim's record says which machine it is about, so that the inventory may change: an
    /// earlier release did not write it.
    func areMachinesKnown() throws -> Bool {
        try StateInspection(path: statePath).records
            .allSatisfy { $0.claim == nil || $0.machine != nil }
    }

    func writeInventory() throws {
        try roster.yaml.write(toFile: inventoryPath, atomically: true, encoding: .utf8)
    }

    private func spawn(dyingAt step: FileStep? = nil) throws -> ChildProcess {
        try starter(dyingAt: step)()
    }

    /// A daemon that may end itself has small files, which are folded often and read quickly.
    private static let neverReached = FileStep(.init(.before, .makeFolder, .folder), .max)

    /// What starts a daemon.
    /// - Parameter name: of a second one, on the same state.
    func starter(
        dyingAt step: FileStep? = nil, as name: String = "rackpool"
    ) -> @Sendable () throws -> ChildProcess {
        let executable = ChildProcess.ownURL.deletingLastPathComponent()
            .appendingPathComponent("rackpool").path
        var environment = ["INFRAKIT_HOME": home, "INFRAKIT_PLUGINS_DIR": ""]
        environment["RACKPOOL_DIE_AT"] = (step ?? Self.neverReached).description
        let arguments =
            [
                "--name", name, "--state", statePath, "--inventory", inventoryPath,
                "--interval", "100ms", "--log", "5",
            ] + BMCTimes.options
        return { [environment] in
            try ChildProcess(executable, arguments, environment: environment, limit: .seconds(300))
        }
    }

    /// The named step at which a daemon that is dead died.
    func reached(
        _ moment: KillMoment, _ aimed: AimedRequest?, _ daemon: ChildProcess, wasStopped: Bool
    ) -> NamedStep? {
        // Only debug builds end themselves at a step of the store.
        if case .step(.store(let kind, _), _, _) = moment {
            return daemon.output.contains("dies ") ? .store(kind, isStop: wasStopped) : nil
        }
        return aimed?.hasCome == true ? moment.name : nil
    }

    private func keepLog(of daemon: ChildProcess) {
        let path = home + "/daemon.log"
        let former = home + "/daemon.before.log"
        let files = FileManager.default
        do {
            if files.fileExists(atPath: former) { try files.removeItem(atPath: former) }
            if files.fileExists(atPath: path) { try files.moveItem(atPath: path, toPath: former) }
            try daemon.output.write(toFile: path, atomically: true, encoding: .utf8)
        } catch {
            print("\(path) could not be written: \(error.localizedDescription)")
        }
    }

    // MARK: The end

    /// Starts the daemon once more over hardware that works and an inventory that lists all, lets it
    /// finish what was begun, and compares everything.
    private func finish() async throws {
        roster.restore()
        try writeInventory()
        try await replacements.fill()
        let daemon = try spawn()
        do {
            try await daemon.wait(for: "serving")
            try await check("the last start")
            try await uncordonAll()
            try await synchronise { try await self.untoldLosses() }
            try await forgetLost()
            try await synchronise { try await self.unrest() }
        } catch {
            summary.violations.append("at the end: \(error)")
        }
        await daemon.end(with: SIGTERM)
        conclude(daemon, "the end")
    }

    /// Makes rounds until all is as it must be, or for as long as that may take.
    private func synchronise(until remarks: () async throws -> [String]) async throws {
        let deadline = ContinuousClock.now + Self.patience
        var left: [String] = []
        repeat {
            _ = try await plugin.call("Rackpool.Sync", timeout: .seconds(60))
            watch.look()
            left = try await remarks()
        } while !left.isEmpty && ContinuousClock.now < deadline
        summary.violations += left.map { "at the end: \($0)" }
    }

    /// Ends the claims on servers that are gone, as somebody who knows that does.
    private func forgetLost() async throws {
        for device in try await auditor.devices() where isLost(device) {
            // It may be released meanwhile: one whose start fails is.
            do { try await auditor.forget(device) } catch is PluginClient.Refusal {}
        }
    }

    func isLost(_ device: Auditor.Shown) -> Bool {
        device.instance != nil
            && replacements.isLost(device.machine, knownBy: device.serialNumber)
    }

    private func uncordonAll() async throws {
        for device in try await auditor.devices() {
            _ = try await plugin.call("Rackpool.Uncordon", ["Device": .string(device.name)])
        }
    }
}
