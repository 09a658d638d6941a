import Core
import Testing

@testable import TestSupport

/// What an operator does to a device's power by hand.
@Suite("Switching by hand", .timeLimit(.minutes(5)))
struct OperatorPowerTests {
    private func power(
        _ action: PowerAction, on rig: Rig, _ name: String = "d01", isForced: Bool = false
    ) async throws -> PowerReport {
        try await rig.manager.power(action, of: name, within: .seconds(60), isForced: isForced)
    }

    @Test("a free device is switched, and what was there already is said to be")
    func free() async throws {
        let rig = try await Rig(2)
        #expect(try await power(.status, on: rig) == PowerReport(power: .off, health: .ok))
        #expect(try await power(.on, on: rig) == PowerReport(power: .on))
        #expect(
            try await power(.on, on: rig) == PowerReport(power: .on, remark: "was On already"))
        #expect(rig.provider.poweredOn == ["d01"])
        #expect(try await power(.reset, on: rig) == PowerReport(power: .on))
        #expect(try await power(.off(grace: .zero), on: rig) == PowerReport(power: .off))
        #expect(
            try await power(.off(grace: .zero), on: rig)
                == PowerReport(power: .off, remark: "was Off already"))
        rig.provider.setHealth(.critical, of: "d01")
        #expect(
            try await power(.status, on: rig)
                == PowerReport(power: .off, health: .critical, remark: "PSU 2: input lost"))
        let commands = rig.provider.steps(on: "d01").filter { $0 != .observe }
        #expect(commands == [.power(.on), .power(.reset), .power(.forceOff)])
        #expect(rig.provider.steps(on: "d02").isEmpty)
        let history = await rig.pool.history(of: "d01")
        #expect(
            history.map(\.cause) == [
                "power on by the operator: done", "power on by the operator: was On already",
                "reset by the operator: done", "power off by the operator: done",
                "power off by the operator: was Off already",
            ])
    }

    @Test("an operating system is asked first, and what came of it is said")
    func grace() async throws {
        let rig = try await Rig(1)
        rig.provider.setPower(.on, of: "d01")
        let action = PowerAction.off(grace: .seconds(30))
        #expect(try await power(action, on: rig) == PowerReport(power: .off))
        rig.provider.setPower(.on, of: "d01")
        rig.provider.ignoreShutdown(on: "d01")
        async let report = power(action, on: rig)
        try await rig.time.sleepers(1)
        rig.time.advance(by: .seconds(30))
        #expect(
            try await report
                == PowerReport(
                    power: .off, remark: "did not shut down within 30s: the power was cut"))
    }

    @Test("a device that is off is neither cycled nor reset")
    func off() async throws {
        let rig = try await Rig(1)
        for action in [PowerAction.cycle, .reset] {
            let error = await #expect(throws: PowerError.self) {
                try await power(action, on: rig)
            }
            #expect(
                error?.description
                    == "d01 (fake://1): \(action.title) refused: the device is off; power it on"
                    + " instead")
        }
        #expect(rig.provider.poweredOn.isEmpty)
    }

    @Test("where the BMC can't cycle, the device is switched off and on")
    func cycleByHand() async throws {
        let rig = try await Rig(1)
        rig.provider.setPower(.on, of: "d01")
        rig.provider.fail(
            .power(.cycle), of: "d01",
            with: ProviderError(.refused, "no such command", isIncapable: true))
        #expect(try await power(.cycle, on: rig) == PowerReport(power: .on))
        let commands = rig.provider.steps(on: "d01").filter { $0 != .observe }
        #expect(commands == [.power(.cycle), .power(.forceOff), .power(.on)])
    }

    @Test("a cycle that nobody saw is said to be just that")
    func unseenCycle() async throws {
        let rig = try await Rig(1)
        rig.provider.setPower(.on, of: "d01")
        async let report = power(.cycle, on: rig)
        try await rig.time.sleepers(1)
        rig.time.advance(by: .seconds(10))
        #expect(try await report.remark == "the BMC took the command; it was not seen Off")
    }

    @Test("a claimed device is looked at, and switched only by force")
    func claimed() async throws {
        let rig = try await Rig(1)
        let id = try await rig.manager.provision(.group("g"))
        let steps = rig.provider.steps(on: "d01")
        for action in [PowerAction.on, .off(grace: .zero), .cycle, .reset] {
            let error = await #expect(throws: PowerError.self) {
                try await power(action, on: rig)
            }
            #expect(
                error?.description.hasPrefix(
                    "d01 (fake://1): not switched: it is claimed by \(id) of group g; ") == true)
        }
        #expect(rig.provider.steps(on: "d01") == steps)
        #expect(try await power(.status, on: rig).power == .on)
        let report = try await power(.off(grace: .zero), on: rig, isForced: true)
        #expect(report.power == .off)
        #expect(await rig.ids() == [id])
    }

    @Test("a device is not claimed, and not switched twice, while a command is at it")
    func held() async throws {
        let rig = try await Rig(1)
        rig.provider.hold(.power(.on), of: "d01")
        async let report = power(.on, on: rig)
        await rig.provider.arrival(at: .power(.on), of: "d01")
        await #expect {
            try await rig.manager.provision(.group("g"))
        } throws: { error in
            "\(error)" == "no device to claim: 1 device: 1 being switched by an operator"
        }
        for isForced in [false, true] {
            let error = await #expect(throws: PowerError.self) {
                try await power(.off(grace: .zero), on: rig, isForced: isForced)
            }
            #expect(error?.description.contains("another rackpool power is at it") == true)
        }
        rig.provider.open(.power(.on), of: "d01")
        #expect(try await report.power == .on)
        _ = try await power(.off(grace: .zero), on: rig)
        #expect(try await rig.manager.provision(.group("g")).hasSuffix("-d01"))
    }

    @Test("a failure is told with the device, and lets the device go")
    func failure() async throws {
        let rig = try await Rig(1)
        rig.provider.fail(.power(.on), of: "d01", with: .refusal)
        let error = await #expect(throws: PowerError.self) { try await power(.on, on: rig) }
        #expect(
            error?.description
                == "d01 (fake://1): power on refused: 400 Base.1.8.GeneralError")
        rig.provider.fail(.power(.on), of: "d01", with: nil)
        #expect(try await power(.on, on: rig).power == .on)
        let unknown = await #expect(throws: DeviceError.self) {
            try await power(.on, on: rig, "d0l")
        }
        #expect(unknown?.description == "there is no device d0l; did you mean d01?")
    }

    // MARK: An On that may act yet

    /// An On that was answered with an error after which nobody knows whether it acts.
    private func doubtfulOn(_ rig: Rig) async throws {
        rig.provider.fail(.power(.on), of: "d01", with: .doubt)
        let call = Task { try await power(.on, on: rig) }
        try await rig.pass(within: .seconds(60)) {
            rig.provider.steps(on: "d01").contains(.power(.on))
        }
        try await rig.time.pass(.seconds(20))
        await #expect(throws: PowerError.self) { try await call.value }
        rig.provider.fail(.power(.on), of: "d01", with: nil)
    }

    private func isClaimable(_ rig: Rig) async throws -> Bool {
        do {
            _ = try await rig.pool.claim(.group("g"), SpecProperties())
            return true
        } catch let error as PlacementError {
            #expect("\(error)" == "no device to claim: 1 device: 1 being switched by an operator")
            return false
        }
    }

    @Test("a device whose On was not confirmed is not claimed for as long as that may act")
    func doubtful() async throws {
        let rig = try await Rig(1)
        try await doubtfulOn(rig)
        #expect(
            await rig.pool.status(of: "d01")?.reasons.contains { $0.contains("may act yet") }
                == true)
        try await rig.time.pass(.seconds(360))
        #expect(try await !isClaimable(rig))
        try await rig.pass(within: .seconds(60)) {
            await rig.pool.status(of: "d01")?.unconfirmedOn == nil
        }
        #expect(try await isClaimable(rig))
    }

    @Test("it can be switched off meanwhile, and is not claimed for that")
    func doubtfulOff() async throws {
        let rig = try await Rig(1)
        try await doubtfulOn(rig)
        rig.provider.setPower(.on, of: "d01")
        #expect(try await power(.off(grace: .zero), on: rig).power == .off)
        #expect(try await !isClaimable(rig))
        // What is confirmed now says nothing of what was sent before.
        #expect(try await power(.on, on: rig).power == .on)
        _ = try await power(.off(grace: .zero), on: rig)
        #expect(try await !isClaimable(rig))
    }

    @Test("a restart keeps in mind what was sent and may act yet", arguments: [true, false])
    func doubtfulRestart(isKilledMeanwhile: Bool) async throws {
        let rig = try await Rig(1)
        var killed: Task<PowerReport, any Error>?
        if isKilledMeanwhile {
            rig.provider.hold(.power(.on), of: "d01")
            let call = Task { try await power(.on, on: rig) }
            await rig.provider.arrival(at: .power(.on), of: "d01")
            killed = call
        } else {
            try await doubtfulOn(rig)
        }
        let next = try await rig.restarted()
        next.time.advance(by: rig.time.uptime)
        await next.manager.resumeUnfinished()
        try await next.time.pass(.seconds(360))
        #expect(try await !isClaimable(next))
        try await next.pass(within: .seconds(60)) {
            await next.pool.status(of: "d01")?.unconfirmedOn == nil
        }
        guard let killed else {
            #expect(try await isClaimable(next))
            return
        }
        // The dead daemon's call is alive here, and holds the BMC.
        rig.provider.open(.power(.on), of: "d01")
        _ = await killed.result
    }

    @Test("what was confirmed, or refused for good, leaves nothing in the record")
    func settled() async throws {
        let rig = try await Rig(1)
        #expect(try await power(.on, on: rig).power == .on)
        #expect(rig.store.writes.first?.unconfirmedOn != nil)
        #expect(rig.store.records.isEmpty)
        _ = try await power(.off(grace: .zero), on: rig)
        rig.provider.fail(.power(.on), of: "d01", with: .refusal)
        await #expect(throws: PowerError.self) { try await power(.on, on: rig) }
        #expect(rig.store.records.isEmpty)
        rig.provider.fail(.power(.on), of: "d01", with: nil)
        #expect(try await isClaimable(rig))
    }

    @Test("what can't be written is not sent")
    func fullDisk() async throws {
        let rig = try await Rig(1)
        rig.store.fail(with: .failed("disk full"))
        let error = await #expect(throws: PowerError.self) { try await power(.on, on: rig) }
        #expect(error?.description.contains("disk full") == true)
        #expect(rig.provider.poweredOn.isEmpty)
        rig.store.fail(with: nil)
        #expect(try await isClaimable(rig))
    }
}
