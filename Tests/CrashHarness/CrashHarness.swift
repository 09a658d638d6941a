import ArgumentParser
import Core
import Foundation
import Simulator
import SystemLimits

/// Kills the daemon again and again under load, and checks what it promised against an outside
/// record.
@main
struct CrashHarness: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crash",
        abstract:
            "Kills the daemon under load and checks that nothing is lost and nothing doubled.",
        discussion: """
            A rack is simulated in this process. Clients provision, destroy and label, instances \
            with logical IDs among them; an operator cordons, replaces, releases and forces power, \
            and has the inventory read again with devices renamed, swapped, left out, listed twice \
            under two spellings of an address, or given a wrong password; servers fail and recover, \
            or are lost, forgotten, and have others put in their places; BMCs, half of them spoken to over IPMI, delay, \
            drop, lie, fall silent, restart, and carry out late or never what they were told, \
            whatever they have answered. A second daemon is started on the same state, now and then \
            after the lock's file was removed. The daemon is killed with SIGKILL at a \
            moment that the seed decides: after a while, or at a named step, each in its turn: a \
            kind of request to a BMC (before it acts, when it has acted, when it has answered), or, \
            in a debug build, by itself before, within or after a write, sync, rename or other call \
            to a kind of file. It is started again, and what it holds is compared with what the \
            clients were told and with the servers that run. Meanwhile the rack watches what comes \
            to it: no server runs or is switched that no record on disk claims, none is switched for \
            a claim on the one that stood there before, and none runs under the group and logical \
            ID of another. At the end of many kills the steps that were never reached are aimed at \
            once more, in a run of their own, and a table tells how often the daemon died at each.

            A run of one seed begins with an empty pool, or with the state of an earlier release, \
            and ends with a quiet one, in which exactly what was told and not destroyed is claimed, \
            and exactly that runs.
            """)

    @Option(help: "How many times the daemon is killed, over all seeds.")
    var kills = 2_000

    @Option(help: "The first seed.")
    var seed: UInt64 = 1

    @Option(help: "How many seeds.")
    var seeds = 20

    @Option(help: "How many seeds are run side by side: a run waits most of its time.")
    var jobs = 4

    @Option(help: "How many servers each rack has.")
    var devices = 12

    @Option(help: "How many clients call at one time.")
    var clients = 6

    @Option(
        help: ArgumentHelp(
            "Aim at this step alone, as the table names it; may be given several times.",
            valueName: "step"))
    var aim: [NamedStep] = []

    func validate() throws {
        for (option, value) in [
            ("--kills", kills), ("--seeds", seeds), ("--jobs", jobs), ("--devices", devices),
            ("--clients", clients),
        ] where value < 1 {
            throw ValidationError("\(option) \(value): give a number from 1.")
        }
    }

    func run() async throws {
        OpenFileLimit.raise()
        let each = (kills + seeds - 1) / seeds
        let table = RunTable()
        table.printHeader()
        var next = seed
        let end = seed + UInt64(seeds)
        await withTaskGroup(of: RunSummary.self) { group in
            for _ in 0..<min(jobs, seeds) {
                let number = next
                next += 1
                group.addTask { await run(seed: number, kills: each, aims: aim) }
            }
            for await summary in group {
                table.add(summary)
                guard next < end else { continue }
                let number = next
                next += 1
                group.addTask { await run(seed: number, kills: each, aims: aim) }
            }
        }
        let missed = table.unreached
        if aim.isEmpty, !missed.isEmpty, missed.count * 4 < kills, !table.hasViolations {
            table.add(await run(seed: end, kills: 3 * missed.count, aims: missed))
        }
        table.printTotal()
        table.printSteps()
        if table.hasViolations { throw ExitCode.failure }
    }

    private func run(seed: UInt64, kills: Int, aims: [NamedStep]) async -> RunSummary {
        var summary = RunSummary(seed: seed)
        do {
            let isUpgrade =
                aims.isEmpty ? seed.isMultiple(of: 2) : aims.contains { $0.isOfCopy }
            let run = try await CrashRun(
                seed: seed, devices: devices, clients: clients, isUpgrade: isUpgrade)
            summary = await run.perform(kills: kills, aims: aims)
            await run.end(keepingFiles: !summary.violations.isEmpty)
        } catch {
            summary.violations.append("the run could not begin: \(error)")
        }
        return summary
    }
}

extension NamedStep: ExpressibleByArgument {}
