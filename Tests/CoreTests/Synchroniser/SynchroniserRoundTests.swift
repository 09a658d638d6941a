import Core
import Testing

@testable import TestSupport

@Suite(.timeLimit(.minutes(5))) struct SynchroniserRoundTests {
    @Test("a BMC that never answers holds up no round beyond the interval, and is not asked twice")
    func hanging() async throws {
        let rig = try await Rig(3)
        _ = try await rig.claim(3)
        let synchroniser = rig.synchroniser()
        rig.provider.hold(.observe, of: "d01")
        let before = rig.looks(at: "d01")
        let first = Task { await synchroniser.round() }
        await rig.provider.arrival(at: .observe, of: "d01")
        try await rig.time.sleepers(1)
        rig.time.advance(by: .seconds(30))
        #expect(await first.value.pending >= 1)
        // The others' round is not held up at all now, once they have answered.
        var second = await synchroniser.round()
        while second.pending > 1 {
            try Task.checkCancellation()
            second = await synchroniser.round()
        }
        #expect(second.pending == 1 && second.seen == 2 && second.duration == .zero)
        #expect(rig.looks(at: "d01") == before + 1)
        rig.provider.open(.observe, of: "d01")
        while await synchroniser.round().pending > 0 { try Task.checkCancellation() }
        await synchroniser.round()
        #expect(rig.looks(at: "d01") > before + 1)
        #expect(await rig.ids().count == 3)
    }

    @Test("a look that ended after its device was released says nothing about the free device")
    func staleLook() async throws {
        let rig = try await Rig(2)
        let ids = try await rig.claim(1)
        let synchroniser = rig.synchroniser()
        let before = rig.looks(at: "d01")
        rig.provider.hold(.observe, of: "d02")
        let round = Task { await synchroniser.round() }
        await rig.provider.arrival(at: .observe, of: "d02")
        // The first one is seen running, and released before the round ends.
        while rig.looks(at: "d01") == before {
            try Task.checkCancellation()
            await Task.yield()
        }
        try await rig.destroy(ids[0])
        rig.provider.open(.observe, of: "d02")
        _ = await round.value
        #expect(!(await rig.pool.history(of: "d01").map(\.kind).contains(.foreign)))
    }

    @Test("the devices of a tray are looked at one after the other; BMCs at most so many at a time")
    func concurrency() async throws {
        let devices = (0..<40).map {
            Device(name: "d\($0)", provider: "fake", bmc: "fake://\($0 / 2)", system: "\($0 % 2)")
        }
        let rig = try await Rig(devices: devices)
        let (manager, provider) = rig.counted()
        let round = await rig.synchroniser(of: manager) { $0.concurrency = 4 }.round()
        #expect(round.seen == 40)
        #expect(provider.highestPerBMC == 1)
        #expect(provider.highest <= 4 && provider.highest > 1)
    }

    @Test("rounds asked for at one time are made one after the other")
    func together() async throws {
        let rig = try await Rig(5)
        let (manager, provider) = rig.counted()
        let synchroniser = rig.synchroniser(of: manager)
        await withTaskGroup { group in
            for _ in 0..<4 { group.addTask { _ = await synchroniser.round() } }
        }
        #expect(provider.highestPerBMC == 1)
        #expect(provider.observed.count == 20)
    }

    @Test("rounds are made at once and at every interval; their looks are spread")
    func intervals() async throws {
        let rig = try await Rig(4)
        let synchroniser = rig.synchroniser()
        let running = Task { await synchroniser.run() }
        for round in 1...3 {
            // Three looks that are not due yet, and the round's limit.
            try await rig.time.sleepers(4)
            #expect(Rig.devices(4).map { rig.looks(at: $0.name) }.reduce(0, +) <= round * 4 - 3)
            rig.time.advance(by: .seconds(1))
            for device in Rig.devices(4) {
                while rig.looks(at: device.name) < round {
                    try Task.checkCancellation()
                    await Task.yield()
                }
            }
            try await rig.time.sleepers(1)
            while await rig.pool.status(of: "d04")?.observation == nil {
                try Task.checkCancellation()
                await Task.yield()
            }
            try await rig.time.sleepers(1)
            rig.time.advance(by: .seconds(29))
        }
        running.cancel()
        await running.value
    }

    @Test("when it is stopped, it cuts its looks short and leaves none behind")
    func stop() async throws {
        let rig = try await Rig(2)
        _ = try await rig.claim(2)
        let synchroniser = rig.synchroniser()
        rig.provider.hold(.observe, of: "d01")
        let running = Task { await synchroniser.run() }
        try await rig.time.sleepers(1)
        rig.time.advance(by: .seconds(1))
        await rig.provider.arrival(at: .observe, of: "d01")
        running.cancel()
        await running.value
        // Being cut short says nothing about a device.
        #expect(await rig.pool.status(of: "d01")?.observation?.reasons == [])
    }
}
