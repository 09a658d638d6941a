internal import Core
internal import FuzzClock
@testable internal import IPMI
internal import IPMIWire

/// What reads on from one answer of a BMC to the next. Each ends after so many requests, whatever the
/// answers are.
enum FuzzedWalks {
    static let all: [@Sendable (ScriptedBMC) async -> Void] = [
        readRecords, readNewestEvents, readFollowingEvents, readInventory, examine, look, inspect,
    ]

    /// After so many steps a walk is given up, as it is by routine looks.
    private static let maximumSteps = 40

    /// An error is as good as an end: it concerns the BMC as a whole.
    private static func advance(
        _ walk: inout some Walk, over bmc: ScriptedBMC, requestsPerStep: Int
    ) async {
        for _ in 0..<maximumSteps where !walk.isDone {
            var budget = RequestBudget(bmc, limit: requestsPerStep)
            do {
                try await walk.advance(&budget)
            } catch {
                precondition("\(error)".utf8.count < 16_384, "the message is endless")
                return
            }
            precondition(budget.used <= requestsPerStep, "the budget is exceeded")
            precondition(
                walk.isDone || budget.left == 0 || !bmc.isReady, "it waits for what won't come")
        }
    }

    // MARK: One walk

    private static let readRecords: @Sendable (ScriptedBMC) async -> Void = { bmc in
        var walk = SDRWalk()
        // That is what a routine look has left for it at least.
        await advance(&walk, over: bmc, requestsPerStep: 44)
        precondition(walk.records.count <= 2048, "too many records")
        check(walk.complaints)
        _ = SensorTable(walk.records, complaints: walk.complaints)
    }

    private static let readNewestEvents: @Sendable (ScriptedBMC) async -> Void = { bmc in
        await readEvents(bmc, SELWalk(limit: 64) { $0.time?.rawValue ?? 0 < 0x1000_0000 })
    }

    private static let readFollowingEvents: @Sendable (ScriptedBMC) async -> Void = { bmc in
        await readEvents(bmc, SELWalk(from: 1, limit: 64))
    }

    private static func readEvents(_ bmc: ScriptedBMC, _ start: SELWalk) async {
        var walk = start
        await advance(&walk, over: bmc, requestsPerStep: 20)
        precondition(walk.records.count <= walk.limit, "too many entries")
        check(walk.complaint.map { [$0] } ?? [])
        let ids = Set(walk.records.map(\.id))
        precondition(ids.count == walk.records.count, "an entry is there twice")
    }

    private static let readInventory: @Sendable (ScriptedBMC) async -> Void = { bmc in
        var reader = FRUReader()
        var budget = RequestBudget(bmc, limit: 10_000)
        guard let inventory = try? await reader.inventory(of: 0, &budget) else { return }
        check(inventory.complaints)
        // An area has up to 2,040 bytes, and there are three.
        precondition(budget.left > 0, "it goes round in a ring")
        _ = (inventory.manufacturer, inventory.model, inventory.serialNumber)
    }

    // MARK: All of them

    private static let examine: @Sendable (ScriptedBMC) async -> Void = { bmc in
        let health = HardwareHealth(time: StandingClock(), tables: SensorTables())
        let report = try? await health.examine(
            over: bmc, power: .on, lookingBack: .seconds(86_400))
        precondition(bmc.requests <= HardwareExaminer.maximumRequests, "too many requests")
        guard let report else { return }
        check(report.reasons + report.skipped.flatMap { [$0.what, $0.why] })
    }

    private static let look: @Sendable (ScriptedBMC) async -> Void = { bmc in
        let clock = StandingClock()
        let health = HardwareHealth(time: clock, tables: SensorTables())
        for number in 1...HealthMemory.patience {
            guard
                let findings = try? await health.look(
                    over: bmc, isOn: true,
                    claimedAt: number.isMultiple(of: 2) ? clock.date : nil)
            else { return }
            precondition(bmc.requests <= number * HardwareHealth.requestsPerLook, "too many")
            check(findings.map(\.text))
        }
    }

    private static let inspect: @Sendable (ScriptedBMC) async -> Void = { bmc in
        var inspector = SystemInspector(
            bmc, entries: 20, time: StandingClock(), IPMIInspection())
        do {
            try await inspector.inspect()
        } catch {
            precondition("\(error)".utf8.count < 16_384, "the message is endless")
        }
        precondition(bmc.requests <= 3000, "too many requests")
        check(inspector.inspection.problems)
    }

    private static func check(_ texts: [String]) {
        precondition(texts.count <= 4096, "too much to read")
        precondition(texts.allSatisfy { $0.utf8.count < 16_384 }, "a text is endless")
    }
}

private protocol Walk {
    var isDone: Bool { get }
    mutating func advance(_ budget: inout RequestBudget) async throws(IPMIFailure)
}

extension SDRWalk: Walk {}

extension SELWalk: Walk {}
