import Foundation
import Glibc
import Testing

@testable import Core
@testable import StateFile

/// A disk without space: what is known is served and given back, and all is as before when there is
/// space again.
@Suite struct DiskFullTests {
    private func claimed(_ number: Int) -> DeviceRecord {
        DeviceRecord(
            key: .device("d\(number)"),
            claim: Claim(
                id: "z\(number)-d\(number)", spec: ClaimSpec(properties: ["Note": "n"]),
                state: .running, claimedAt: nil, order: Int64(number)))
    }

    /// Ends a claim as a destroy does.
    private func destroy(_ number: Int, _ trial: inout StoreTrial) async throws {
        var record = try #require(trial.told[.device("d\(number)")])
        record.claim?.state = .stopping
        await trial.commit([record])
        record = try #require(trial.told[.device("d\(number)")])
        record.claim = nil
        record.releaseOrder = Int64(number)
        await trial.commit([record])
    }

    @Test(
        "with a full disk claims are refused and ends of claims are written, from what was reserved"
    )
    func full() async throws {
        var trial = StoreTrial(seed: 1)
        let settings = Self.largeReserve
        try await trial.start(settings)
        for number in 0..<20 { await trial.commit([claimed(number)]) }
        #expect(trial.failures.isEmpty)
        trial.disk.setCapacity(trial.disk.used)
        var refused = 0
        for number in 20..<60 where refused == 0 {
            await trial.commit([claimed(number)])
            refused = trial.failures.count
        }
        #expect(refused == 1)
        let error = try #require(trial.failures.last)
        #expect("\(error)".contains("No space left on device"))
        #expect("\(error)".contains("instances are described and can be destroyed"))

        // Not even beside the end of another one.
        var free = try #require(trial.told[.device("d1")])
        free.claim = nil
        await trial.commit([free, claimed(99)])
        #expect(trial.failures.count == 2)

        // Every instance that is known can be given back.
        for number in 0..<20 { try await destroy(number, &trial) }
        #expect(trial.failures.count == 2)
        await trial.commit([claimed(99)])
        #expect(trial.failures.count == 3)

        // A start with a full disk serves what there is.
        trial.disk.setCapacity(trial.disk.used)
        try await trial.start(settings)
        trial.disk.setCapacity(nil)
        await trial.commit([claimed(98)])
        #expect(trial.failures.count == 3)
        trial.disk.cutPower()
        try await trial.start(settings)
        await trial.stop()
    }

    private static var largeReserve: StoreSettings {
        var settings = StoreTrial.settings
        settings.reserve = 20_000
        settings.foldAfter = 1 << 20
        return settings
    }

    @Test("after a restart on a full disk, all instances can be given back")
    func restarted() async throws {
        var trial = StoreTrial(seed: 1)
        try await trial.start(Self.largeReserve)
        for number in 0..<20 { await trial.commit([claimed(number)]) }
        // Not a byte is left; what was allocated ahead is the dead process's.
        trial.disk.setCapacity(trial.disk.used)
        try await trial.start(Self.largeReserve)
        await trial.commit([claimed(50)])
        let refusal = try #require(trial.failures.last)
        #expect("\(refusal)".contains("can be destroyed, and nothing else"))
        for number in 0..<20 { try await destroy(number, &trial) }
        #expect(trial.failures.count == 1)
        trial.disk.cutPower()
        try await trial.start(Self.largeReserve)
        #expect(trial.told.values.allSatisfy { $0.claim == nil })
    }

    @Test("what a killed fold left behind is given back to a full disk")
    func leftFold() async throws {
        var trial = StoreTrial(seed: 1)
        try await trial.start()
        await trial.commit([claimed(1)])
        await trial.stop()
        trial.disk.setBytes(of: StoreTrial.path + ".new", [UInt8](repeating: 32, count: 9000))
        trial.disk.setCapacity(trial.disk.used)
        try await trial.start()
        try await destroy(1, &trial)
        #expect(trial.failures.isEmpty)
    }

    @Test("where there is no space for a destroy either, the refusal doesn't promise one")
    func hopeless() async throws {
        var trial = StoreTrial(seed: 1)
        try await trial.start()
        await trial.commit([claimed(1)])
        await trial.stop()
        trial.disk.setCapacity(trial.disk.used)
        try await trial.start()
        var record = try #require(trial.told[.device("d1")])
        record.claim?.state = .stopping
        await trial.commit([record])
        let refusal = try #require(trial.failures.last)
        #expect("\(refusal)".contains("instances are described, and nothing else"))
        #expect(!"\(refusal)".contains("destroyed"))
        trial.disk.setCapacity(nil)
        await trial.commit([record])
        #expect(trial.failures.count == 1)
    }

    @Test("one change that finds no space doesn't fail the release beside it")
    func mixed() async throws {
        let disk = FaultyDisk(seed: 1)
        let names = StateNames(document: StoreTrial.path)
        var settings = StoreTrial.settings
        settings.reserve = 4000
        let files = disk.start()
        var state = try StateLoader(names: names, files: files).load()
        try StateAdoption(
            names: names, files: files, settings: settings, logger: StoreTrial.silent
        ).run(&state)
        var writer = try StateWriter(
            state, try #require(state.reference), names: names, files: files, settings: settings,
            lock: nil, logger: StoreTrial.silent)
        func request(_ record: DeviceRecord) -> StateWriter.Request {
            StateWriter.Request(StoreCommit(puts: [record], sequence: 1))
        }
        let revision = try writer.commit([request(claimed(1))])[0].get()
        disk.setCapacity(disk.used)
        var number = 2
        while case .success = writer.commit([request(claimed(number))])[0] { number += 1 }
        let released = DeviceRecord(key: .device("d1"), revision: revision, releaseOrder: 1)
        let results = writer.commit([
            request(claimed(100)), request(released), request(released),
        ])
        #expect(throws: StoreError.self) { _ = try results[0].get() }
        #expect(throws: Never.self) { _ = try results[1].get() }
        #expect(throws: StoreError.conflict(.device("d1"))) { _ = try results[2].get() }
    }
}
