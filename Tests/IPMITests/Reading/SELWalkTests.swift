import IPMIWire
import Randomness
import Testing

@testable import IPMI

@Suite("Reading the event log") struct SELWalkTests {
    private func log(_ ids: [Int]) -> [SELRecord] {
        ids.enumerated().map { index, id in
            SELRecord(
                id: UInt16(id),
                body: .event(
                    SystemEvent(
                        time: IPMITimestamp(rawValue: 0x6000_0000 + UInt32(index) * 60),
                        sensorType: 1, sensor: 1, eventType: 1, data1: 9)))
        }
    }

    private func newest(
        _ bmc: FakeBMC, limit: Int = 1000, since index: Int = 0, budget: Int = 1000
    ) async throws -> SELWalk {
        let start = IPMITimestamp(rawValue: 0x6000_0000 + UInt32(index) * 60)
        var walk = SELWalk(limit: limit) { record in record.time.map { $0 < start } ?? false }
        for _ in 0..<2000 where !walk.isDone {
            var budget = RequestBudget(bmc, limit: budget)
            try await walk.advance(&budget)
        }
        return walk
    }

    @Test(
        "reads all entries, however they are numbered",
        arguments: [
            Array(1...50), [7], Array(stride(from: 1, through: 500, by: 10)),
            Array(stride(from: 20, through: 1000, by: 20)), [1, 2, 5, 9, 12, 40, 41],
            Array(65_500...65_534) + Array(1...20), [3, 2, 1],
        ])
    func all(ids: [Int]) async throws {
        let log = log(ids)
        let bmc = FakeBMC { $0.log = log }
        let whole = try await newest(bmc)
        // A ring's first entry is not always found on the way back; the newest are.
        #expect(whole.isDone && (whole.records == log || whole.records == log.suffix(20)))
        let steps = try await newest(bmc, budget: 1)
        #expect(steps.records == whole.records)
    }

    @Test("reads the newest of a long log, and no others")
    func end() async throws {
        let log = log(Array(1...3000))
        let bmc = FakeBMC { $0.log = log }
        let walk = try await newest(bmc, since: 2990)
        #expect(walk.records == log.suffix(13), "three earlier ones end the walk")
        #expect(bmc.requests.count == 13)
        let few = try await newest(bmc, limit: 100)
        #expect(few.records == log.suffix(100))
        #expect(few.complaint == "just the newest 100 entries were read")
    }

    @Test("reads forth where the log can't be read back")
    func forth() async throws {
        let log = log([4, 9, 11, 30, 31, 77])
        let bmc = FakeBMC { $0.log = log }
        #expect(try await newest(bmc).records == log)
        let few = try await newest(bmc, limit: 2)
        #expect(few.records == log.suffix(2))
    }

    @Test("ends a loop of entries")
    func loop() async throws {
        let log = log([4, 9, 11])
        let bmc = FakeBMC { contents in
            contents.log = log
            contents.override = { _, request in
                guard let entry = request.read(GetSELEntry.self), entry.part.recordID == 11 else {
                    return nil
                }
                return .value(GetSELEntry.Response(nextRecordID: 4, data: log[2].wireBytes))
            }
        }
        let walk = try await newest(bmc)
        #expect(walk.records == log)
        #expect(walk.complaint == "entry 11 names 4 as its next, which was there before")
    }

    @Test("ends whatever the BMC answers")
    func anything() async throws {
        for seed in 0..<200 {
            let bmc = FakeBMC {
                $0.override = { count, _ in
                    var generator = SeededNumbers(seed: UInt64(seed * 100_000 + count))
                    let length = Int.random(in: 0...1, using: &generator) * 18
                    return .data(
                        (0..<length).map { _ in UInt8.random(in: 0...3, using: &generator) })
                }
            }
            let walk = try await newest(bmc)
            #expect(walk.isDone)
        }
    }

    @Test("waits for its next turn where the BMC is busy, and not for ever")
    func busy() async throws {
        let log = log(Array(1...20))
        let bmc = FakeBMC {
            $0.log = log
            $0.override = { count, _ in count % 4 == 0 ? .refusal(.nodeBusy) : nil }
        }
        #expect(try await newest(bmc).records == log)
        let always = FakeBMC {
            $0.log = log
            $0.override = { _, _ in .refusal(.nodeBusy) }
        }
        let walk = try await newest(always)
        #expect(walk.isDone && walk.records.isEmpty && walk.complaint != nil)
    }

    @Test("an empty log has no entries")
    func empty() async throws {
        let walk = try await newest(FakeBMC())
        #expect(walk.isDone && walk.records.isEmpty && walk.complaint == nil)
    }

    @Test("a first entry that points nowhere does not hide the rest")
    func brokenChain() async throws {
        for next in [UInt16(0xFFFF), 0x0777, 0x0000, 0x0001] {
            let log = (1...5).map {
                SELRecord(
                    id: UInt16($0),
                    body: .event(
                        SystemEvent(
                            time: IPMITimestamp(rawValue: UInt32($0)), sensorType: 1, sensor: 1,
                            eventType: 1, data1: 0)))
            }
            let bmc = FakeBMC {
                $0.log = log
                $0.override = { _, request in
                    guard let id = request.read(GetSELEntry.self)?.part.recordID,
                        id == 1 || id == GetSELEntry.first
                    else { return nil }
                    return .value(
                        GetSELEntry.Response(nextRecordID: next, data: log[0].wireBytes))
                }
            }
            var walk = SELWalk(limit: 100) { _ in false }
            var budget = RequestBudget(bmc, limit: 100)
            try await walk.advance(&budget)
            #expect(walk.isDone && walk.records.map(\.id) == [1, 2, 3, 4, 5])
            #expect(walk.isBroken && walk.complaint != nil)
        }
    }
}
