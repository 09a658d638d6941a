import Core
import Redfish
import Simulator
import Testing

@Suite("A way in that differs", .timeLimit(.minutes(5)))
struct LoginDialectTests {
    @Test("by Basic credentials alone is found in one look, and remembered")
    func basicOnly() async throws {
        try await SessionRig.with([.basicOnly]) { rig in
            for _ in 0..<10 { _ = try await rig.provider.observe(rig.device) }
            #expect(rig.bmc.statistics.refusedLogins == 1)
            #expect(rig.time.pauses.isEmpty)
        }
    }

    @Test(
        "past tokens that are not honoured is found in one look, and remembered",
        arguments: [
            [.uselessTokens], [.uselessTokens, .linksV0], [.uselessTokens, .slashRedirect],
            [.forbiddenTokens], [.forbiddenTokens, .linksV0],
        ] as [Set<Dialect>])
    func uselessTokens(dialects: Set<Dialect>) async throws {
        try await SessionRig.with(dialects) { rig in
            for _ in 0..<10 { _ = try await rig.provider.observe(rig.device) }
            #expect(rig.bmc.statistics.sessions == 1)
            #expect(rig.open == 0)
        }
    }

    @Test("for commands that a token does not open is found with the first, and remembered")
    func commandsByBasic() async throws {
        try await SessionRig.with([.tokensForReading]) { rig in
            for _ in 0..<3 {
                try await rig.provider.setBoot(BootOverride(target: .pxe), of: rig.device)
                try await rig.provider.clearBoot(of: rig.device)
            }
            #expect(rig.lines.count { $0.hasPrefix("PATCH") } == 6 + 2)
            #expect(rig.bmc.statistics.refusedLogins == 0)
            #expect(rig.open == 1)
        }
    }

    @Test("to what everybody is shown says nothing of a password, whose pauses grow")
    func openRoot() async throws {
        try await SessionRig.with([.basicOnly, .linksV0]) { rig in
            let stranger = rig.device(password: "wrong")
            #expect(await rig.failure(stranger)?.kind == .unauthorised)
            // Longer than after one refusal; there were two, of the login and of Basic credentials.
            rig.time.advance(by: .seconds(61))
            let sent = rig.lines.count
            #expect(await rig.failure(stranger)?.message.contains("it is not tried again") == true)
            #expect(rig.bmc.requests.dropFirst(sent).map(\.path) == ["/redfish/v1/"])
        }
    }

    @Test(
        "through a login in three that is refused costs no look, where Basic is taken or not",
        arguments: [[], [.sessionOnly]] as [Set<Dialect>])
    func flaky(beside others: Set<Dialect>) async throws {
        try await SessionRig.with(others.union([.flakyLogin])) { rig in
            for _ in 0..<12 {
                _ = try await rig.provider.observe(rig.device)
                rig.bmc.endSessions()
                rig.time.advance(by: .seconds(31))
            }
            #expect(rig.bmc.statistics.refusedLogins >= 3)
        }
    }

    @Test("that asks for another password first says so")
    func passwordChange() async throws {
        try await SessionRig.with([.passwordChange]) { rig in
            let error = await rig.failure()
            #expect(error?.kind == .unauthorised)
            #expect(
                error?.message.contains(
                    "the BMC lets the account do nothing until its password is changed") == true)
            #expect(error?.message.contains("check the user name") == false)
        }
    }

    @Test("is not what a missing licence is about")
    func licence() async throws {
        try await SessionRig.with([.licensed]) { rig in
            let error = await #expect(throws: ProviderError.self) {
                try await rig.provider.insertMedia(try MediaRack.image(), into: rig.device)
            }
            #expect(error?.kind == .refused)
            #expect(error?.isRefusedAccess == false)
            _ = try await rig.provider.observe(rig.device)
            _ = try await rig.provider.facts(of: rig.device)
        }
    }
}

@Suite("A connection that takes one request", .timeLimit(.minutes(5)))
struct KeepAliveDialectTests {
    @Test(
        "is used for one, once that is known, commands included",
        arguments: [.closesSecond, .muteSecond, .garblesSecond, .refusesSecond] as [Dialect])
    func fresh(dialect: Dialect) async throws {
        try await SessionRig.with([dialect]) { rig in
            try await learn(rig)
            let before = (rig.lines.count, rig.bmc.statistics.connections)
            try await rig.provider.setBoot(BootOverride(target: .pxe), of: rig.device)
            try await rig.provider.setPower(.on, of: rig.device)
            for _ in 0..<5 { _ = try await rig.provider.observe(rig.device) }
            #expect(rig.bmc.systems[0].resets == ["On"])
            let sent = rig.bmc.statistics.connections - before.1
            #expect(sent == rig.lines.count - before.0, "a connection for each request")
        }
    }

    /// Looks until two looks, one after the other, went well: then it is known, for the second of
    /// them would have met it. A silence is waited for, so these looks are given a short time, and
    /// twice as much where a starved machine needs more than that for what is answered.
    private func learn(_ rig: SessionRig) async throws {
        var limit: Duration = .milliseconds(250)
        var inARow = 0
        while inARow < 2 {
            let hasty = Device(
                name: rig.device.name, bmc: rig.device.bmc, credentials: rig.device.credentials,
                timeout: limit)
            do {
                _ = try await rig.provider.observe(hasty)
                inARow += 1
            } catch {
                try #require(limit < .seconds(60), "\(error)")
                inARow = 0
                limit = limit * 2
            }
        }
    }

    @Test("is not what a BMC has that was away for a while: it keeps its connections")
    func restart() async throws {
        try await SessionRig.with { rig in
            _ = try await rig.provider.observe(rig.device)
            await rig.bmc.unplug()
            _ = await rig.failure()
            try await rig.bmc.plugIn()
            for _ in 0..<3 { _ = try await rig.provider.observe(rig.device) }
            let connections = rig.bmc.statistics.connections
            for _ in 0..<5 { _ = try await rig.provider.observe(rig.device) }
            #expect(rig.bmc.statistics.connections == connections)
        }
    }
}
