import Client
import Processes
import Core
import Foundation
import HTTPClient
import Randomness
import Simulator

/// One seed's run: a rack, a home, and a daemon that is killed and started again.
final class CrashRun {
    private let seed: UInt64
    private let home: String
    private let rack: SimulatedRack
    private let http = HTTPClient()
    private let ledger = Ledger()
    private let clients: Int
    private let trouble: Trouble
    private var numbers: SeededNumbers
    private var summary: RunSummary

    /// How long a daemon may take to start and a quiet pool to settle, on a busy machine.
    private static let patience: Duration = .seconds(120)

    /// How long a load may go on without bringing its moment about.
    private static let longestLoad: Duration = .seconds(5)

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

    /// Kills the daemon so often, and ends with a quiet pool.
    func perform(kills: Int) async -> RunSummary {
        do {
            for number in 1...kills {
                let moment = KillMoment.random(using: &numbers)
                try await live(number, until: moment)
                if !summary.violations.isEmpty { break }
            }
            if summary.violations.isEmpty { try await finish() }
        } catch {
            summary.violations.append("\(error)")
        }
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

    private var plugin: PluginClient {
        PluginClient(socketPath: home + "/plugins/rackpool", http: http)
    }

    // MARK: Steps

    /// One daemon's life.
    private func live(_ number: Int, until moment: KillMoment) async throws {
        let daemon = try spawn(dyingAt: moment.step)
        do {
            try await daemon.wait(for: "serving")
            try await check("start \(number)")
        } catch {
            // It may come to its step before it serves, or while it is asked how things stand.
            guard moment.step != nil else { throw error }
            await daemon.waitForEnd()
            guard Self.hasEndedItself(daemon) else { throw error }
            keepLog(of: daemon)
            summary.count(moment)
            return
        }
        let hasCome = try await load(daemon, until: moment)
        // A moment that did not come was ended by the clock.
        summary.count(hasCome ? moment : .after(Self.longestLoad))
        keepLog(of: daemon)
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

    /// Whether a daemon that is dead came to its step; only debug builds can.
    private static func hasEndedItself(_ daemon: ChildProcess) -> Bool {
        daemon.output.contains("dies ")
    }

    private func keepLog(of daemon: ChildProcess) {
        if !FileManager.default.createFile(
            atPath: home + "/daemon.log", contents: Data(daemon.output.utf8))
        {
            print("\(home)/daemon.log could not be written")
        }
    }

    /// Keeps the daemon busy until the moment has come, and kills it.
    /// - Returns: whether the moment came before the load had to be ended.
    private func load(_ daemon: ChildProcess, until moment: KillMoment) async throws -> Bool {
        let held: HeldMoment? =
            switch moment {
            case .after, .step: nil
            case .request(let number, let point): HeldMoment(number: number, point: point)
            }
        trouble.begin(holding: held)
        let parts = await withTaskGroup(of: LoadPart.self) { group in
            for number in 1...clients {
                var client = LoadClient(
                    number: number, plugin: plugin, ledger: ledger, devices: rack.bmcs.count,
                    numbers: SeededNumbers(seed: numbers.next()))
                group.addTask { .calls(await client.run()) }
            }
            let trouble = trouble
            group.addTask {
                let isTime = await Self.arrival(
                    of: moment, held: held, daemon: daemon, striking: trouble.strike)
                await daemon.end(with: SIGKILL)
                held?.release()
                return .moment(hasCome: isTime)
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        var hasCome = false
        for part in parts {
            switch part {
            case .calls(let count):
                summary.provisioned += count.provisioned
                summary.destroyed += count.destroyed
                summary.labelled += count.labelled
                summary.refused += count.refused
                summary.unanswered += count.unanswered
            case .moment(let isTime): hasCome = isTime
            }
        }
        try await trouble.end()
        return moment.step == nil ? hasCome : Self.hasEndedItself(daemon)
    }

    /// What the tasks of a load end with.
    private enum LoadPart: Sendable {
        case calls(LoadClient.Counts)
        case moment(hasCome: Bool)
    }

    /// Returns when the daemon is to die: true if the moment has come. One that never comes is not
    /// waited for longer than the load can take to bring it about.
    private static func arrival(
        of moment: KillMoment, held: HeldMoment?, daemon: ChildProcess,
        striking strike: @escaping @Sendable () async throws -> Void
    ) async -> Bool {
        await withTaskGroup(of: Bool?.self) { group in
            switch moment {
            case .after(let time):
                group.addTask { await pause(time) ? true : nil }
            case .request:
                group.addTask { await held?.arrival() ?? true }
                group.addTask { await pause(longestLoad) ? false : nil }
            case .step:
                group.addTask {
                    await daemon.waitForEnd()
                    return true
                }
                group.addTask { await pause(longestLoad) ? false : nil }
            }
            group.addTask {
                while await pause(.milliseconds(40)) {
                    do { try await strike() } catch { print("the rack: \(error)") }
                }
                return nil
            }
            var hasCome = false
            for await outcome in group {
                guard let outcome else { continue }
                hasCome = outcome
                break
            }
            group.cancelAll()
            held?.release()
            // Who waits for its end is not to be cancelled.
            if moment.step != nil { await daemon.end(with: SIGKILL) }
            return hasCome
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
        if daemon.output.contains("Fatal error") {
            summary.violations.append("the daemon crashed at its end: \(daemon.output.suffix(500))")
        }
    }

    // MARK: Checks

    /// What must hold at any time: with the daemon just started and no client calling.
    private func check(_ occasion: String) async throws {
        // What is described goes before what is claimed, and that before the hardware: what is on
        // in the end must have been claimed before.
        let descriptions = try await described()
        let holders = try await holders()
        let running = rack.bmcs.filter { $0.systems[0].power != .off }
            .map { SimulatedRack.deviceName($0.index) }
        let remarks =
            adopt(descriptions, holders) + missing(holders, descriptions)
            + running.filter { device in !holders.values.contains { $0.devices.contains(device) } }
            .map { "\($0) is on, and no record says why" }
        summary.violations += remarks.map { "\(occasion): \($0)" }
        ledger.settle(claimed: Set(holders.keys))
    }

    /// What an instance holds.
    private struct Holding {
        /// One, if all is well.
        var devices: [String] = []
        var isActive = true
    }

    /// What each claimed instance holds.
    private func holders() async throws -> [String: Holding] {
        let devices = try await plugin.call("Rackpool.Devices")["Devices"]?.array ?? []
        var holders: [String: Holding] = [:]
        for device in devices {
            guard let id = device["Instance"]?.string else { continue }
            holders[id, default: Holding()].devices.append(device["Name"]?.string ?? "?")
            if device["Phase"]?.string != "active" { holders[id]?.isActive = false }
        }
        return holders
    }

    private func described() async throws -> [String: [String: String]] {
        let answer = try await plugin.call(
            "Instance.DescribeInstances", ["Type": "", "Tags": [:], "Properties": true])
        var descriptions: [String: [String: String]] = [:]
        for description in answer["Descriptions"]?.array ?? [] {
            let id = description["ID"]?.string ?? "?"
            if descriptions[id] != nil { summary.violations.append("\(id) is described twice") }
            descriptions[id] = (description["Tags"]?.object ?? [:]).reduce(into: [:]) {
                $0[$1.key] = $1.value.string ?? ""
            }
        }
        return descriptions
    }

    /// Takes into the record what no client was told of, because the daemon died before the answer.
    private func adopt(
        _ descriptions: [String: [String: String]], _ holders: [String: Holding]
    ) -> [String] {
        var remarks: [String] = []
        var known = Dictionary(
            ledger.present.map { ($0.value.token, $0.key) }, uniquingKeysWith: { first, _ in first }
        )
        for (id, tags) in descriptions {
            let token = tags["token"] ?? "none"
            if !ledger.wasAsked(token) { remarks.append("\(id) has a token that nobody asked for") }
            if let other = known[token], other != id {
                remarks.append("\(id) and \(other) came of one provision")
            }
            known[token] = id
            if ledger.gone.contains(id) { remarks.append("\(id) was destroyed, and is back") }
            // What is left of a refused provision goes away by itself.
            if !ledger.wasRefused(token) {
                ledger.told(id, for: token, isStarting: holders[id]?.isActive != true)
            }
        }
        for (id, holding) in holders where holding.devices.count > 1 {
            remarks.append("\(id) is on \(holding.devices.joined(separator: " and "))")
        }
        for id in holders.keys where ledger.gone.contains(id) {
            remarks.append("\(id) was destroyed, and its device is still claimed")
        }
        return remarks
    }

    /// What clients were told of and is not there.
    private func missing(
        _ holders: [String: Holding], _ descriptions: [String: [String: String]]
    ) -> [String] {
        var remarks: [String] = []
        for (id, instance) in ledger.present {
            if holders[id] == nil {
                if !instance.mayBeGone { remarks.append("\(id) was told of, and is lost") }
                continue
            }
            guard let tags = descriptions[id] else { continue }
            for (label, value) in instance.labels {
                let allowed = [value] + (instance.doubtful[label] ?? [])
                if !allowed.contains(tags[label] ?? "none") {
                    remarks.append("\(id) has lost its label \(label)=\(value)")
                }
            }
        }
        return remarks
    }

    /// What is not yet as it must be in a pool that nobody calls and where nothing is broken.
    private func unrest() async throws -> [String] {
        let descriptions = try await described()
        let holders = try await holders()
        var remarks = adopt(descriptions, holders) + missing(holders, descriptions)
        ledger.settle(claimed: Set(holders.keys))
        let claimed = Set(holders.values.flatMap(\.devices))
        for bmc in rack.bmcs {
            let device = SimulatedRack.deviceName(bmc.index)
            let isOn = bmc.systems[0].power == .on
            if isOn != claimed.contains(device) {
                remarks.append("\(device) is \(isOn ? "on and not claimed" : "claimed and not on")")
            }
        }
        for (id, tags) in descriptions where ledger.wasRefused(tags["token"] ?? "") {
            remarks.append("\(id) is left of a provision that was refused")
        }
        for id in ledger.living where descriptions[id] == nil {
            remarks.append("\(id) works and is not described")
        }
        return remarks
    }
}
