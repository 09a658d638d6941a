import Core
import Foundation
import Locking
import Processes
import Randomness
import Simulator

extension CrashRun {
    /// How long a daemon that was told to stop may take before it is killed: it waits so long for what
    /// runs, and for BMCs that don't answer.
    private static let longestStop: Duration = .seconds(15)

    /// Of 100 lives, so many meet a second daemon.
    private static let secondShare = 25

    /// Keeps the daemon busy until the moment has come, or the load's time is over, and kills it.
    func load(
        _ daemon: ChildProcess, until moment: KillMoment, _ aimed: AimedRequest?
    ) async throws -> Ending {
        trouble.begin(moment.emphasis)
        let clients = loadClients(moment)
        let operators = try operatorClient(daemon, moment)
        let second = secondDaemon(besides: daemon, moment)
        let delay = Duration.milliseconds(Int.random(in: 0...500, using: &numbers))
        let (trouble, watch) = (trouble, watch)
        let parts = await withTaskGroup(of: LoadPart.self) { group in
            for var client in clients { group.addTask { .calls(await client.run()) } }
            group.addTask { [operators] in
                var operators = operators
                return .calls(await operators.run())
            }
            if let second {
                group.addTask {
                    await second.run(after: delay)
                    return .done
                }
            }
            group.addTask {
                while !daemon.hasEnded, await Self.pause(.milliseconds(50)) { watch.look() }
                return .done
            }
            group.addTask { .end(await Self.end(of: daemon, at: moment, trouble)) }
            return await group.reduce(into: []) { $0.append($1) }
        }
        ledger.giveBackAll()
        var end = DaemonEnd()
        for part in parts {
            switch part {
            case .calls(let count): summary.add(count)
            case .end(let reached): end = reached
            case .done: break
            }
        }
        try await trouble.end()
        if let step = reached(moment, aimed, daemon, wasStopped: end.wasStopped) {
            return .at(step)
        }
        return end.isClean ? .byStop : .byClock
    }

    // MARK: Who is at it

    private func loadClients(_ moment: KillMoment) -> [LoadClient] {
        (1...clients).map { number in
            LoadClient(
                number: number, plugin: plugin, ledger: ledger, auditor: auditor,
                devices: rack.bmcs.count, mediaShare: moment.emphasis == .media ? 70 : 15,
                numbers: SeededNumbers(seed: numbers.next()))
        }
    }

    private func operatorClient(
        _ daemon: ChildProcess, _ moment: KillMoment
    ) throws -> OperatorClient {
        OperatorClient(
            plugin: plugin, auditor: auditor, ledger: ledger, watch: watch, roster: roster,
            replacements: replacements, inventoryPath: inventoryPath, daemon: daemon,
            wantedPower: moment.wantedPower, reloads: try areMachinesKnown(),
            numbers: SeededNumbers(seed: numbers.next()))
    }

    /// Nil if none is started in this life. One whose lock is taken away writes nothing any more, and
    /// would not come to a named step.
    private func secondDaemon(besides daemon: ChildProcess, _ moment: KillMoment) -> SecondDaemon? {
        guard numbers.happens(Self.secondShare) else { return nil }
        summary.seconds += 1
        return SecondDaemon(
            first: daemon, plugin: plugin, auditor: auditor, ledger: ledger, lockPath: lockPath,
            removesLock: moment.name == nil, start: starter(as: "second"))
    }

    /// What the tasks of a load end with.
    private enum LoadPart: Sendable {
        case calls(LoadClient.Counts)
        case end(DaemonEnd)
        case done
    }

    private struct DaemonEnd: Sendable {
        /// Whether the daemon was told to stop while it lived.
        var wasStopped = false
        /// Whether it ended by itself then, and nothing killed it.
        var isClean = false
    }

    // MARK: Its end

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
}
