import IPMIWire
import Randomness
import Testing

@testable import IPMI

@Suite("Reading the sensor records") struct SDRWalkTests {
    private let records = (1...6).map {
        SampleRecords.temperature(UInt16($0 * 3), UInt8($0), "CPU\($0) Temp")
    }

    private func walk(_ bmc: FakeBMC, steps: Int = 200, budget: Int = 1000) async throws
        -> SDRWalk
    {
        var walk = SDRWalk()
        for _ in 0..<steps where !walk.isDone {
            var budget = RequestBudget(bmc, limit: budget)
            try await walk.advance(&budget)
        }
        return walk
    }

    @Test("takes a request a record where the BMC returns whole records")
    func whole() async throws {
        let bmc = FakeBMC { $0.records = records }
        let walk = try await walk(bmc)
        #expect(walk.isDone && walk.records == records && walk.complaints.isEmpty)
        #expect(bmc.count(GetSDR.self) == 6)
    }

    @Test("shrinks its pieces to what the BMC returns", arguments: [8, 16, 20, 31, 64])
    func pieces(maximum: Int) async throws {
        let bmc = FakeBMC {
            $0.records = records
            $0.maximumBytes = maximum
        }
        #expect(try await walk(bmc).records == records)
    }

    @Test("goes on with its next budget where the last one ended", arguments: [1, 2, 5])
    func steps(budget: Int) async throws {
        let bmc = FakeBMC { $0.records = records }
        let walk = try await walk(bmc, budget: budget)
        #expect(walk.isDone && walk.records == records)
    }

    @Test("goes on within a record that takes more requests than a step has", arguments: [1, 2, 5])
    func piecesOfSteps(budget: Int) async throws {
        let bmc = FakeBMC {
            $0.records = records
            $0.maximumBytes = 8
        }
        let walk = try await walk(bmc, budget: budget)
        #expect(walk.isDone && walk.records == records && walk.complaints.isEmpty)
    }

    @Test("goes on within a record where the BMC was busy")
    func busyWithin() async throws {
        let bmc = FakeBMC {
            $0.records = records
            $0.maximumBytes = 8
            $0.override = { count, _ in count % 4 == 0 ? .refusal(.nodeBusy) : nil }
        }
        let walk = try await walk(bmc)
        #expect(walk.isDone && walk.records == records)
    }

    @Test("goes on where somebody else's reservation ended its own")
    func cancelled() async throws {
        let bmc = FakeBMC {
            $0.records = records
            $0.maximumBytes = 16
            $0.override = { count, request in
                request.is(GetSDR.self) && count.isMultiple(of: 9)
                    ? .refusal(.reservationCancelled) : nil
            }
        }
        let walk = try await walk(bmc)
        #expect(walk.records == records && walk.complaints.isEmpty)
    }

    @Test("ends where every reservation is cancelled")
    func alwaysCancelled() async throws {
        let bmc = FakeBMC {
            $0.records = records
            $0.override = { _, request in
                request.is(GetSDR.self) ? .refusal(.reservationCancelled) : nil
            }
        }
        let walk = try await walk(bmc)
        #expect(walk.isDone && walk.complaints == ["the BMC cancelled 17 reservations"])
        #expect(!walk.isWhole)
    }

    @Test("starts anew where the records have changed under it")
    func changed() async throws {
        let bmc = FakeBMC {
            $0.records = records
            $0.override = { count, _ in count == 5 ? .refusal(.notPresent) : nil }
        }
        let walk = try await walk(bmc)
        #expect(walk.records == records && walk.complaints.isEmpty)
        #expect(bmc.count(GetSDRRepositoryInfo.self) == 2)
    }

    @Test("waits for its next turn where the BMC is busy, and not for ever")
    func busy() async throws {
        let bmc = FakeBMC {
            $0.records = records
            $0.override = { count, _ in count % 4 == 0 ? .refusal(.nodeBusy) : nil }
        }
        #expect(try await walk(bmc).records == records)
        let always = FakeBMC {
            $0.records = records
            $0.override = { count, _ in count > 4 ? .refusal(.nodeBusy) : nil }
        }
        let walk = try await walk(always)
        #expect(walk.isDone && walk.records == Array(records.prefix(2)))
        #expect(walk.complaints == ["the BMC is too busy to tell of its sensors"])
    }

    @Test("leaves a bad record out")
    func badRecord() async throws {
        let bmc = FakeBMC {
            $0.records = records
            $0.rawRecords = [7: bytes("0700 51 01 05 20 00 30 03 01")]
        }
        let walk = try await walk(bmc)
        #expect(walk.records == records)
        #expect(
            walk.complaints == [
                "sensor record 7 was left out: it ends before its sensor initialisation"
            ])
    }

    @Test("goes on behind a loop of records", arguments: [(9, 3), (9, 9), (18, 6), (9, 0)])
    func loop(from: UInt16, to: UInt16) async throws {
        let bmc = FakeBMC {
            $0.records = records
            $0.nextRecords = [from: to]
        }
        let walk = try await walk(bmc)
        #expect(walk.isDone && walk.records == records)
        #expect(walk.complaints.count == 1 && !walk.isWhole)
    }

    @Test("ends where every record names the first as its next")
    func loops() async throws {
        let bmc = FakeBMC {
            $0.records = consecutive
            $0.nextRecords = Dictionary(uniqueKeysWithValues: (1...6).map { ($0, 1) })
        }
        let walk = try await walk(bmc)
        #expect(walk.isDone && !walk.isWhole && walk.records == Array(consecutive.prefix(5)))
        #expect(walk.complaints.count == 5)
    }

    @Test("a record that shares another's ID is missing, and those behind it are not")
    func sharedID() async throws {
        let bmc = FakeBMC {
            $0.records = consecutive + [SampleRecords.temperature(2, 7, "GPU Temp")]
            $0.nextRecords = [2: 2]
        }
        let walk = try await walk(bmc)
        #expect(walk.records == consecutive && !walk.isWhole)
        #expect(walk.complaints.last == "the BMC counts 7 sensor records, and told of 6")
    }

    @Test("reads what the BMC itself describes where it has no repository")
    func device() async throws {
        let bmc = FakeBMC {
            $0.records = records
            $0.hasNoRepository = true
            $0.maximumBytes = 16
        }
        #expect(try await walk(bmc).records == records)
    }

    @Test("of a BMC without any records is an empty one that says so")
    func nothing() async throws {
        let bmc = FakeBMC { $0.override = { _, _ in .refusal(.invalidCommand) } }
        let walk = try await walk(bmc)
        #expect(walk.isDone && walk.records.isEmpty)
        #expect(walk.complaints == ["no sensor records: command not known (0xC1)"])
    }

    @Test("fails where the BMC falls silent")
    func silence() async throws {
        let bmc = FakeBMC {
            $0.records = records
            $0.override = { count, _ in count > 4 ? .silence : nil }
        }
        await #expect(throws: IPMIFailure.self) { try await walk(bmc) }
    }

    @Test("ends whatever the BMC answers")
    func anything() async throws {
        for seed in 0..<200 {
            let bmc = FakeBMC {
                $0.override = { count, _ in
                    var generator = SeededNumbers(seed: UInt64(seed * 100_000 + count))
                    if Int.random(in: 0..<8, using: &generator) == 0 {
                        return .refusal(
                            CompletionCode(
                                rawValue: UInt8.random(in: 0xC0...0xD6, using: &generator)))
                    }
                    let length = Int.random(in: 0..<40, using: &generator)
                    return .data(
                        (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) })
                }
            }
            _ = try await walk(bmc, steps: 5, budget: 500)
            #expect((1...2_500).contains(bmc.requests.count))
        }
    }

    // MARK: What is not whole

    private func isRead(_ request: FakeBMC.Request, of id: UInt16) -> Bool {
        request.read(GetSDR.self)?.part.recordID == id
    }

    private var consecutive: [SensorDataRecord] {
        (1...6).map { SampleRecords.temperature(UInt16($0), UInt8($0), "CPU\($0) Temp") }
    }

    @Test("a record that can't be read costs itself alone, though nobody names the next one")
    func junk() async throws {
        for reply in [FakeBMC.Reply.refusal(.illegal), .data([1]), .ignored] {
            let bmc = FakeBMC {
                $0.records = consecutive
                $0.override = { isRead($1, of: 3) ? reply : nil }
            }
            let walk = try await walk(bmc)
            #expect(walk.records.map(\.id) == [1, 2, 4, 5, 6])
            #expect(!walk.isWhole && walk.complaints.count == 1)
        }
    }

    @Test("a spell of cancelled reservations is waited out")
    func spell() async throws {
        let bmc = FakeBMC {
            $0.records = consecutive
            $0.override = { count, request in
                request.is(GetSDR.self) && (5..<120).contains(count)
                    ? .refusal(.reservationCancelled) : nil
            }
        }
        let walk = try await walk(bmc)
        #expect(walk.records.count == 6 && walk.isWhole && walk.complaints.isEmpty)
    }

    @Test("a record that was not asked for is not taken for the one that was")
    func stranger() async throws {
        let other = SampleRecords.temperature(2, 2, "CPU2 Temp").wireBytes
        let bmc = FakeBMC {
            $0.records = consecutive
            $0.override = { count, request in
                isRead(request, of: 4) && count < 7
                    ? .value(RecordPartResponse(nextRecordID: 3, data: other)) : nil
            }
        }
        let walk = try await walk(bmc)
        #expect(walk.records == consecutive && walk.isWhole)
    }

    @Test("fewer records than the BMC counts are not all")
    func fewer() async throws {
        let bmc = FakeBMC {
            $0.records = consecutive
            $0.nextRecords = [4: RecordPart.end]
        }
        let walk = try await walk(bmc)
        #expect(walk.isDone && !walk.isWhole && walk.records.count == 4)
        #expect(walk.complaints == ["the BMC counts 6 sensor records, and told of 4"])
    }

    @Test("records are shrunk for where a BMC says nothing to large reads")
    func silentToLarge() async throws {
        let bmc = FakeBMC {
            $0.records = records
            $0.override = { _, request in
                request.read(GetSDR.self).map { $0.part.count > 32 } == true ? .ignored : nil
            }
        }
        let walk = try await walk(bmc)
        #expect(walk.records == records && walk.isWhole)
    }
}
