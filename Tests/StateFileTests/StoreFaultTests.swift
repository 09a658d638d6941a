import Foundation
import Testing

@testable import Core
@testable import StateFile

/// Every call of the store to the file system fails, tears or is the last, one at a time.
@Suite struct StoreFaultTests {
    private static let changes = 24

    static let seeds: [UInt64] = [1, 2, 3]

    static let faults: [FaultyDisk.Fault] = [
        .fails(EIO), .fails(ENOSPC), .failsHalfway(EIO), .failsHalfway(ENOSPC),
    ]

    /// Whether the power goes before the call or after it, and whether folds go on meanwhile.
    struct PowerCut: Sendable, CustomTestStringConvertible {
        let isBefore: Bool
        let isInterleaved: Bool

        var testDescription: String {
            (isBefore ? "before a call" : "after a call") + (isInterleaved ? ", interleaved" : "")
        }
    }

    static let powerCuts = [(true, false), (false, false), (true, true), (false, true)]
        .map { PowerCut(isBefore: $0, isInterleaved: $1) }

    /// How many calls a start, the changes and a stop take.
    private func calls(seed: UInt64, _ isInterleaved: Bool) async throws -> Int {
        var trial = StoreTrial(seed: seed, isInterleaved: isInterleaved)
        trial.disk.plan(nil)
        try await trial.start()
        await trial.change(times: Self.changes)
        await trial.stop()
        #expect(trial.failures.isEmpty)
        #expect(trial.disk.names == [StoreTrial.path, StoreTrial.path + ".lock"])
        #expect(try trial.found() == trial.told)
        return trial.disk.calls
    }

    /// A trial in which a call fails, up to its end.
    private func run(
        seed: UInt64, _ fault: FaultyDisk.Fault, at call: Int, _ isInterleaved: Bool
    ) async throws -> StoreTrial {
        var trial = StoreTrial(seed: seed, isInterleaved: isInterleaved)
        // What was there before, so that not all begins from nothing.
        try await trial.start()
        await trial.change(times: 6)
        if call.isMultiple(of: 2) { await trial.stop() }
        trial.disk.plan(fault, atCall: call)
        do {
            try await trial.start()
        } catch {
            trial.disk.plan(nil)
            return trial
        }
        await trial.change(times: Self.changes)
        await trial.stop()
        trial.disk.plan(nil)
        return trial
    }

    @Test("with folds under way, a seed still tells the order of all calls")
    func interleaving() async throws {
        var logs: Set<[String]> = []
        for _ in 0..<5 {
            var trial = StoreTrial(seed: 3, isInterleaved: true)
            try await trial.start()
            await trial.change(times: 3 * Self.changes)
            await trial.stop()
            logs.insert(trial.disk.log)
        }
        let log = try #require(logs.first)
        #expect(logs.count == 1)
        // Changes are written between the calls with which a fold writes the new file.
        let between = zip(log, log.dropFirst()).count { call, next in
            call.hasSuffix(".json.new")
                && (next.contains(".journal.") || next.hasSuffix(".lock"))
        }
        #expect(between > 3)
    }

    @Test(
        "a call that fails is an error to who changed something, and the store goes on",
        arguments: faults, [false, true])
    func failure(_ fault: FaultyDisk.Fault, isInterleaved: Bool) async throws {
        let calls = try await calls(seed: 1, isInterleaved)
        for call in 1...calls {
            var trial = try await run(seed: UInt64(call), fault, at: call, isInterleaved)
            // One fault is one batch's at the most, and afterwards all is as before.
            #expect(trial.failures.count <= 1, "call \(call): \(trial.failures)")
            trial.disk.cutPower()
            try await trial.start()
            await trial.change(times: 8)
            #expect(trial.failures.count <= 1, "call \(call)")
            await trial.stop()
            trial.disk.cutPower()
            try await trial.start()
        }
    }

    @Test(
        "a power cut at any call loses nothing that was acknowledged, and tears no commit",
        arguments: powerCuts, seeds)
    func powerCut(_ cut: PowerCut, seed: UInt64) async throws {
        let calls = try await calls(seed: 1, cut.isInterleaved)
        for call in 1...calls {
            var trial = try await run(
                seed: seed &* 1000 + UInt64(call), .stops(before: cut.isBefore), at: call,
                cut.isInterleaved)
            trial.disk.cutPower()
            try await trial.start()
            await trial.change(times: 8)
            trial.disk.cutPower()
            try await trial.start()
            await trial.stop()
            trial.disk.cutPower()
            try await trial.start()
            #expect(trial.disk.names.count <= 4, "\(trial.disk.names)")
            await trial.stop()
        }
    }

    @Test(
        "what a killed process left behind is on disk before the next relies on it",
        arguments: [false, true])
    func killed(isInterleaved: Bool) async throws {
        let calls = try await calls(seed: 1, isInterleaved)
        for call in 1...calls {
            var trial = try await run(
                seed: UInt64(call), .stops(before: false), at: call, isInterleaved)
            // The process is dead, the machine goes on: all that was written is read back.
            try await trial.start()
            let relied = trial.told
            trial.disk.cutPower()
            #expect(try trial.found() == relied, "call \(call)")
        }
    }

    @Test("a process that is killed while it starts after a kill loses nothing either")
    func killedTwice() async throws {
        for call in 1...60 {
            for later in 1...14 {
                var trial = StoreTrial(seed: UInt64(100 * call + later))
                try await trial.start()
                trial.disk.plan(.stops(before: false), atCall: call)
                await trial.change(times: 25)
                trial.disk.plan(.stops(before: later.isMultiple(of: 2)), atCall: later)
                do { try await trial.start() } catch {}
                trial.disk.plan(nil)
                trial.disk.cutPower()
                try await trial.start()
                await trial.change(times: 3)
                trial.disk.cutPower()
                try await trial.start()
            }
        }
    }

    @Test("pages that a failed sync left are not trusted, however often syncs fail")
    func failedSyncs() async throws {
        for seed in 1...40 as ClosedRange<UInt64> {
            var trial = StoreTrial(seed: seed)
            try await trial.start()
            await trial.change(times: 5)
            trial.disk.setSyncsFail(true)
            await trial.change(times: 4)
            #expect(trial.failures.count == 4)
            if seed.isMultiple(of: 2) {
                // What can't be read back for sure must not be served: the start fails, too.
                await #expect(throws: StoreError.self) { try await trial.start() }
            }
            trial.disk.setSyncsFail(false)
            if seed.isMultiple(of: 3) { trial.disk.cutPower() }
            if seed.isMultiple(of: 6) { try await trial.start() }
            await trial.change(times: 4)
            trial.disk.cutPower()
            try await trial.start()
        }
    }
}
