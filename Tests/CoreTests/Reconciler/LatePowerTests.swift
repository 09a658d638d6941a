import Core
import Testing

@testable import TestSupport

/// No machine runs that nobody claims, however late its BMC acts.
@Suite("Power that comes late", .timeLimit(.minutes(5))) struct LatePowerTests {
    private let first = "zzzzzzzy-d01"

    /// A provision whose On was taken and does not act.
    private func begunStart(
        _ rig: Rig, logicalID: String? = nil
    ) async throws -> Task<String, any Error> {
        rig.provider.delayCommands(of: "d01")
        let call = Task {
            try await rig.manager.provision(.group("g", logicalID: logicalID))
        }
        while !rig.provider.hasTaken(.on, on: "d01") {
            try Task.checkCancellation()
            await Task.yield()
        }
        return call
    }

    /// A claim that has run for an hour.
    private func running(_ properties: JSON = .null) async throws -> (rig: Rig, id: String) {
        let rig = try await Rig(1)
        let id = try await rig.manager.provision(.group("g", properties))
        rig.time.advance(by: .seconds(3600))
        return (rig, id)
    }

    @Test("an On that was answered with an error and acts later is waited for, with its logical ID")
    func lateAfterError() async throws {
        let rig = try await Rig(2)
        rig.provider.fail(.power(.on), of: "d01", with: .doubt)
        let call = Task { try await rig.manager.provision(.group("g", logicalID: "l")) }
        try await rig.pass { await rig.state(of: first)?.name == "undoing" }
        #expect(try await call.value == first)
        try await rig.time.pass(.seconds(100))
        #expect(await rig.ids() == [first])
        await #expect(throws: PlacementError.self) {
            _ = try await rig.manager.provision(.group("g", logicalID: "l"))
        }
        rig.provider.setPower(.on, of: "d01")
        try await rig.pass(until: nil, of: first)
        #expect(rig.provider.power(of: "d01") == .off)
    }

    @Test(
        "an On that acts after the destroy is seen and undone", arguments: [1, 14, 120, 350])
    func lateAfterDestroy(_ seconds: Int) async throws {
        let rig = try await Rig(1)
        let call = try await begunStart(rig)
        rig.provider.delayCommands(of: "d01", false)
        try await rig.manager.destroy(first)
        _ = await call.result
        try await rig.time.pass(.seconds(seconds))
        #expect(await rig.ids() == [first])
        rig.provider.act(of: "d01")
        #expect(rig.provider.power(of: "d01") == .on)
        try await rig.pass(until: nil, of: first)
        #expect(rig.provider.power(of: "d01") == .off)
    }

    @Test("an On that never acts holds the machine for as long as it could, and no longer")
    func neverActs() async throws {
        let rig = try await Rig(1)
        let call = try await begunStart(rig)
        rig.provider.delayCommands(of: "d01", false)
        try await rig.manager.destroy(first)
        _ = await call.result
        try await rig.time.pass(.seconds(385))
        #expect(await rig.ids() == [first])
        try await rig.pass(until: nil, of: first, within: .seconds(20))
    }

    @Test("a destroy while the On is being sent does not take the Off that is shown for the end")
    func duringPost() async throws {
        let rig = try await Rig(1)
        rig.provider.hold(.power(.on), of: "d01")
        let call = Task { try await rig.manager.provision(.group("g")) }
        await rig.provider.arrival(at: .power(.on), of: "d01")
        try await rig.manager.destroy(first)
        _ = await call.result
        try await rig.time.pass(.seconds(24))
        #expect(rig.provider.steps(on: "d01").contains(.power(.forceOff)))
        #expect(await rig.ids() == [first])
        rig.provider.setPower(.on, of: "d01")
        try await rig.pass(until: nil, of: first)
        #expect(rig.provider.power(of: "d01") == .off)
    }

    @Test("an On that the daemon did not live to see is in the record")
    func afterKill() async throws {
        let rig = try await Rig(1)
        let call = try await begunStart(rig)
        await rig.manager.shutdown(within: .zero)
        _ = await call.result
        let next = try await rig.restarted()
        next.provider.delayCommands(of: "d01", false)
        try await next.manager.destroy(first)
        try await next.time.pass(.seconds(6))
        #expect(await next.ids() == [first])
        next.provider.act(of: "d01")
        try await next.pass(until: nil, of: first)
        #expect(next.provider.power(of: "d01") == .off)
    }

    @Test("an On that acts 20 s after it was sent, of an instance destroyed at 12 s")
    func slowMachine() async throws {
        let rig = try await Rig(1)
        let call = try await begunStart(rig)
        try await rig.pass { rig.time.uptime >= .seconds(12) }
        #expect(try await call.value == first)
        rig.provider.delayCommands(of: "d01", false)
        try await rig.manager.destroy(first)
        try await rig.time.pass(.seconds(8))
        #expect(await rig.ids() == [first])
        rig.provider.act(of: "d01")
        try await rig.pass(until: nil, of: first)
        #expect(rig.provider.power(of: "d01") == .off)
    }

    @Test("a second kill while Off is held begins the wait at the BMC's answer, not anew")
    func killedInHold() async throws {
        let rig = try await Rig(1)
        let call = try await begunStart(rig)
        rig.provider.delayCommands(of: "d01", false)
        try await rig.manager.destroy(first)
        _ = await call.result
        try await rig.time.pass(.seconds(300))
        await rig.manager.shutdown(within: .zero)
        let next = try await rig.restarted()
        next.time.advance(by: rig.time.uptime)
        await next.manager.resumeUnfinished()
        // A BMC that hung while nobody looked acts when it is back.
        try await next.time.pass(.seconds(170))
        #expect(await next.ids() == [first])
        try await next.pass(until: nil, of: first, within: .seconds(20))
    }

    @Test(
        "a BMC that hangs with an On in its queue, for longer than any On takes, acts when it is back"
    )
    func hungBMC() async throws {
        let rig = try await Rig(1)
        let call = try await begunStart(rig)
        rig.provider.delayCommands(of: "d01", false)
        rig.provider.failEverything(of: "d01", with: .silence)
        let destroy = Task { try await rig.manager.destroy(first) }
        try await rig.pass { rig.time.uptime > .seconds(800) }
        _ = await call.result
        // Its caller may have been told that the BMC does not answer.
        _ = await destroy.result
        rig.provider.failEverything(of: "d01", with: nil)
        try await rig.time.pass(.seconds(150))
        #expect(await rig.ids() == [first])
        rig.provider.act(of: "d01")
        try await rig.pass(until: nil, of: first)
        #expect(rig.provider.power(of: "d01") == .off)
    }

    @Test("a BMC that restarts instead of answering a shutdown shows Off for a server that runs")
    func restartsAtShutdown() async throws {
        let (rig, id) = try await running()
        rig.provider.fail(
            .power(.gracefulOff), of: "d01",
            with: ProviderError(.unreachable, "the connection broke", mayHaveActed: true))
        rig.provider.hold(.power(.gracefulOff), of: "d01")
        let call = Task { try await rig.manager.destroy(id) }
        await rig.provider.arrival(at: .power(.gracefulOff), of: "d01")
        rig.provider.setPower(.off, of: "d01")
        rig.provider.delayCommands(of: "d01")
        rig.provider.open(.power(.gracefulOff), of: "d01")
        _ = await call.result
        try await rig.time.pass(.seconds(60))
        #expect(await rig.ids() == [id])
        rig.provider.delayCommands(of: "d01", false)
        rig.provider.setPower(.on, of: "d01")
        try await rig.pass(until: nil, of: id)
        #expect(rig.provider.power(of: "d01") == .off)
    }

    @Test("a clock that is set forward shortens no wait")
    func clockSetForward() async throws {
        let rig = try await Rig(1)
        let call = try await begunStart(rig)
        rig.provider.delayCommands(of: "d01", false)
        try await rig.manager.destroy(first)
        _ = await call.result
        try await rig.time.pass(.seconds(200))
        rig.time.setClock(by: 86_400)
        try await rig.time.pass(.seconds(180))
        #expect(await rig.ids() == [first])
        try await rig.pass(until: nil, of: first, within: .seconds(30))
    }

    @Test(
        "a guest that cycles itself, or a BMC that restarts, shows Off for a while",
        arguments: [5, 30, 80])
    func offForAWhile(_ seconds: Int) async throws {
        let (rig, id) = try await running()
        rig.provider.setPower(.off, of: "d01")
        rig.provider.delayCommands(of: "d01")
        try await rig.manager.destroy(id)
        try await rig.time.pass(.seconds(seconds))
        #expect(await rig.ids() == [id])
        rig.provider.delayCommands(of: "d01", false)
        rig.provider.setPower(.on, of: "d01")
        try await rig.pass(until: nil, of: id)
        #expect(rig.provider.power(of: "d01") == .off)
    }

    @Test("an old On that was sent twice does not make Off believed at once")
    func offAfterResend() async throws {
        let rig = try await Rig(1)
        let call = try await begunStart(rig)
        try await rig.pass {
            rig.provider.steps(on: "d01").count { $0 == .power(.on) } == 2
        }
        rig.provider.act(of: "d01")
        rig.provider.delayCommands(of: "d01", false)
        try await rig.pass(until: .running, of: first)
        #expect(try await call.value == first)
        await rig.manager.waitUntilIdle()
        rig.time.advance(by: .seconds(3600))
        rig.provider.setPower(.off, of: "d01")
        try await rig.manager.destroy(first)
        try await rig.time.pass(.seconds(30))
        #expect(await rig.ids() == [first])
    }

    @Test("a destroy of a machine that has run for a minute waits for nothing")
    func quick() async throws {
        let (rig, id) = try await running()
        let before = rig.time.uptime
        try await rig.destroy(id)
        #expect(await rig.state(of: id) == nil)
        #expect(rig.provider.power(of: "d01") == .off)
        #expect(rig.time.uptime == before)
    }

    @Test("a machine that runs again is not off because it was confirmed off once")
    func confirmedOnce() async throws {
        let rig = try await Rig(1)
        let id = try await rig.manager.provision(.group("g", logicalID: "l"))
        let synchroniser = rig.synchroniser()
        rig.provider.setHealth(.critical, of: "d01")
        await rig.rounds(2, of: synchroniser)
        #expect(await rig.array(of: "d01") == .nonFunctional)
        // Somebody presses the button.
        rig.provider.setHealth(.ok, of: "d01")
        rig.provider.setPower(.on, of: "d01")
        await rig.rounds(2, of: synchroniser)
        #expect(await rig.state(of: id) == .running)
        rig.provider.setPower(.off, of: "d01")
        try await rig.manager.destroy(id)
        try await rig.time.pass(.seconds(30))
        #expect(await rig.ids() == [id])
    }

    @Test(
        "whatever a BMC answers to a graceful shutdown, it is asked once, and the power is cut",
        arguments: [
            ProviderError.Kind.refused, .busy, .unreachable, .malformed, .unauthorised, .shortage,
        ],
        [true, false])
    func graceful(_ kind: ProviderError.Kind, _ mayHaveActed: Bool) async throws {
        let (rig, id) = try await running()
        rig.provider.fail(
            .power(.gracefulOff), of: "d01",
            with: ProviderError(kind, "an error", mayHaveActed: mayHaveActed))
        let call = Task { try await rig.manager.destroy(id) }
        try await rig.pass(until: nil, of: id)
        _ = await call.result
        let steps = rig.provider.steps(on: "d01")
        #expect(steps.count { $0 == .power(.gracefulOff) } == 1)
        #expect(steps.contains(.power(.forceOff)))
        #expect(rig.provider.power(of: "d01") == .off)
    }

    @Test(
        "what fails is tried again after a pause, not in a circle",
        arguments: [
            FakeProvider.Step.power(.forceOff), .ejectMedia, .observe,
        ])
    func paced(_ step: FakeProvider.Step) async throws {
        let (rig, id) = try await running(["Grace": "0s", "Media": "https://192.0.2.1/a.iso"])
        rig.provider.fail(step, of: "d01", with: .silence)
        let call = Task { try await rig.manager.destroy(id) }
        try await rig.pass { rig.time.uptime >= .seconds(3660) }
        _ = await call.result
        #expect(rig.provider.steps(on: "d01").count { $0 == step } < 40)
        rig.provider.fail(step, of: "d01", with: nil)
        try await rig.pass(until: nil, of: id)
        #expect(rig.provider.power(of: "d01") == .off)
    }

    @Test("a full disk is tried again after a pause, and what was begun is finished")
    func fullDisk() async throws {
        let (rig, id) = try await running()
        try await rig.pool.update(id) { $0.claim.state = .stopping }
        rig.store.fail(with: .failed("disk full"))
        await rig.manager.resumeUnfinished()
        try await rig.time.pass(.seconds(60))
        #expect(rig.looks(at: "d01") < 60)
        rig.store.fail(with: nil)
        try await rig.pass(until: nil, of: id)
    }
}
