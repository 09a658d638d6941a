import Foundation
import Glibc
import Testing

@testable import Core
@testable import StateFile

/// A disk without space: what is known is served and given back, and all is as before when there is
/// space again.
@Suite struct DiskFullTests {
    private func claimed(_ number: Int, phase: Claim.Phase = .active) -> DeviceRecord {
        DeviceRecord(
            key: .device("d\(number)"), version: 1,
            claim: Claim(
                id: "z\(number)-d\(number)", spec: ClaimSpec(properties: ["Note": "n"]),
                phase: phase, claimedAt: nil, order: Int64(number)))
    }

    @Test(
        "with a full disk claims are refused and ends of claims are written, from what was reserved"
    )
    func full() async throws {
        var trial = StoreTrial(seed: 1)
        var settings = StoreTrial.settings
        settings.reserve = 20_000
        settings.foldAfter = 1 << 20
        try await trial.start(settings)
        for number in 0..<20 {
            await trial.write(
                claimed(number), over: DeviceRecord(key: .device("d\(number)")))
        }
        #expect(trial.failures.isEmpty)
        trial.disk.setCapacity(trial.disk.used)
        var refused = 0
        for number in 20..<60 where refused == 0 {
            await trial.write(claimed(number), over: DeviceRecord(key: .device("d\(number)")))
            refused = trial.failures.count
        }
        #expect(refused == 1)
        let error = try #require(trial.failures.last)
        #expect("\(error)".contains("No space left on device"))
        #expect("\(error)".contains("instances are described and can be destroyed"))

        // Every instance that is known can be given back.
        for number in 0..<20 {
            let key = RecordKey.device("d\(number)")
            let present = try #require(trial.told[key])
            var releasing = present
            releasing.version += 1
            releasing.claim?.phase = .releasing
            await trial.write(releasing, over: present)
            var free = releasing
            free.version += 1
            free.claim = nil
            free.releaseOrder = Int64(number)
            await trial.write(free, over: releasing)
        }
        #expect(trial.failures.count == 1)
        await trial.write(claimed(99), over: DeviceRecord(key: .device("d99")))
        #expect(trial.failures.count == 2)

        // A start with a full disk serves what there is.
        trial.disk.setCapacity(trial.disk.used)
        try await trial.start(settings)
        #expect(trial.told.count == 20)
        await trial.write(claimed(98), over: DeviceRecord(key: .device("d98")))
        #expect(trial.failures.count == 3)
        trial.disk.setCapacity(nil)
        await trial.write(claimed(98), over: DeviceRecord(key: .device("d98")))
        #expect(trial.failures.count == 3)
        trial.disk.cutPower()
        try await trial.start(settings)
        await trial.stop()
    }

    @Test("one change that finds no space doesn't fail the release beside it")
    func mixed() async throws {
        let disk = FaultyDisk(seed: 1)
        let names = StateNames(document: StoreTrial.path)
        var settings = StoreTrial.settings
        settings.reserve = 4000
        let files = disk.start()
        var writer = try StateWriter(
            try StateLoader(names: names, files: files).load(), names: names, files: files,
            settings: settings, logger: StoreTrial.silent)
        func request(_ record: DeviceRecord, over version: UInt64) -> StateWriter.Request {
            StateWriter.Request(StateChange(record: record, replaced: version))
        }
        _ = writer.commit([request(claimed(1), over: 0)], sequence: 1)
        disk.setCapacity(disk.used)
        var number = 2
        while case .success = writer.commit([request(claimed(number), over: 0)], sequence: 1)[0] {
            number += 1
        }
        let released = DeviceRecord(key: .device("d1"), version: 2, releaseOrder: 1)
        let results = writer.commit(
            [
                request(claimed(100), over: 0), request(released, over: 1),
                request(released, over: 1),
            ], sequence: 1)
        #expect(throws: StoreError.self) { try results[0].get() }
        #expect(throws: Never.self) { try results[1].get() }
        #expect(throws: StoreError.conflict(.device("d1"))) { try results[2].get() }
    }
}
