import Core
import Redfish
import Simulator
import Testing

@Suite("A session", .timeLimit(.minutes(5)))
struct SessionTests {
    private static let sessions = "/redfish/v1/SessionService/Sessions"

    @Test("is opened once, after the root was read without it, and closed at shutdown")
    func once() async throws {
        try await SessionRig.with { rig in
            _ = try await rig.provider.observe(rig.device)
            #expect(
                rig.lines == [
                    "GET /redfish/v1/", "POST \(Self.sessions)", "GET /redfish/v1/Systems",
                    "GET /redfish/v1/Systems/1",
                ])
            for _ in 0..<20 { _ = try await rig.provider.observe(rig.device) }
            #expect(rig.lines.count == 24)
            #expect(rig.bmc.statistics.sessions == 1)
            #expect(rig.open == 1)
            await rig.provider.shutdown()
            #expect(rig.open == 0)
            #expect(rig.lines.last == "DELETE \(Self.sessions)/1")
        }
    }

    @Test("is shared, and so is the search for the system, by all who come first at one time")
    func sharedFirst() async throws {
        try await SessionRig.with { rig in
            let gate = rig.bmc.hold { $0.path == "/redfish/v1/" }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<50 {
                    group.addTask { _ = try await rig.provider.observe(rig.device) }
                }
                _ = await gate.arrival()
                gate.open()
                try await group.waitForAll()
            }
            #expect(rig.lines.filter { $0 == "GET /redfish/v1/" }.count == 1)
            #expect(rig.lines.filter { $0 == "POST \(Self.sessions)" }.count == 1)
            #expect(rig.bmc.statistics.mostSessions == 1)
            #expect(rig.bmc.statistics.mostRequestsInFlight == 1)
        }
    }

    @Test("is shared by devices with one user, and each user has one")
    func users() async throws {
        try await SessionRig.with(configure: { $0.credentials = nil }) { rig in
            for name in ["a", "b"] {
                _ = try await rig.provider.observe(rig.device(password: "p", name: name))
            }
            #expect(rig.open == 1)
            _ = try await rig.provider.observe(rig.device(password: "q", name: "c"))
            #expect(rig.open == 2)
            await rig.provider.forget(rig.device(password: "p", name: "a"))
            #expect(rig.open == 2)
            await rig.provider.forget(rig.device(password: "p", name: "b"))
            #expect(rig.open == 1)
            await rig.provider.forget(rig.device(password: "q", name: "c"))
            #expect(rig.open == 0)
        }
    }

    @Test("of a device whose user changes is closed")
    func changedUser() async throws {
        try await SessionRig.with(configure: { $0.credentials = nil }) { rig in
            _ = try await rig.provider.observe(rig.device(password: "p"))
            _ = try await rig.provider.observe(rig.device(password: "q"))
            // The first one's logout goes on beside.
            let deletion = "DELETE \(Self.sessions)/1"
            while !rig.lines.contains(deletion) {
                try Task.checkCancellation()
                await Task.yield()
            }
            await rig.provider.forget(rig.device(password: "q"))
            #expect(rig.open == 0)
        }
    }

    @Test("that the BMC dropped is followed by one other")
    func dropped() async throws {
        try await SessionRig.with { rig in
            _ = try await rig.provider.observe(rig.device)
            rig.bmc.endSessions()
            try await rig.provider.setPower(.forceOff, of: rig.device)
            #expect(rig.bmc.statistics.sessions == 2)
            rig.bmc.endSessions()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask { _ = try await rig.provider.observe(rig.device) }
                }
                try await group.waitForAll()
            }
            #expect(rig.bmc.statistics.sessions == 3)
            #expect(rig.bmc.statistics.mostSessions == 1)
        }
    }

    @Test("of a forgetful BMC costs a login from time to time, and nothing else")
    func forgetful() async throws {
        try await SessionRig.with([.forgetful]) { rig in
            for _ in 0..<50 { _ = try await rig.provider.observe(rig.device) }
            #expect(rig.bmc.statistics.mostSessions == 1)
            #expect((10...13).contains(rig.bmc.statistics.sessions))
        }
    }

    @Test("does not outlive a caller who left during the login")
    func cancelledLogin() async throws {
        try await SessionRig.with { rig in
            let gate = rig.bmc.hold(at: .beforeAnswer) { $0.method == "POST" }
            let look = Task { try await rig.provider.observe(rig.device) }
            _ = await gate.arrival()
            #expect(rig.open == 1)
            look.cancel()
            await #expect(throws: ProviderError.self) { try await look.value }
            // Leaving does not wait for the BMC; what it opens is kept for the next.
            async let forgotten: Void = rig.provider.forget(rig.device)
            gate.open()
            await forgotten
            #expect(rig.open == 0)
            #expect(rig.bmc.statistics.sessions == 1)
        }
    }

    @Test("is used by those who come after a caller who left during the login")
    func keptLogin() async throws {
        try await SessionRig.with { rig in
            let gate = rig.bmc.hold(at: .beforeAnswer) { $0.method == "POST" }
            let look = Task { try await rig.provider.observe(rig.device) }
            _ = await gate.arrival()
            look.cancel()
            _ = await look.result
            gate.open()
            _ = try await rig.provider.observe(rig.device)
            #expect(rig.bmc.statistics.sessions == 1)
        }
    }

    @Test("is not opened for a device without a user")
    func anonymous() async throws {
        try await SessionRig.with(configure: { $0.credentials = nil }) { rig in
            let device = Device(name: "d", bmc: rig.device.bmc)
            _ = try await rig.provider.observe(device)
            #expect(rig.bmc.statistics.sessions == 0)
            #expect(rig.lines.count == 3)
        }
    }

    @Test("is asked for again after a login whose answer was lost, but not at once")
    func lostLogin() async throws {
        try await SessionRig.with { rig in
            rig.bmc.onRequest { request, moment in
                guard case .executed = moment, request.method == "POST" else { return .proceed }
                return .drop
            }
            // The connection had carried another request, so that Basic is sent over a fresh one.
            _ = try await rig.provider.observe(rig.device)
            rig.bmc.onRequest(nil)
            for _ in 0..<5 { _ = try await rig.provider.observe(rig.device) }
            #expect(rig.bmc.statistics.sessions == 1)
            rig.time.advance(by: .seconds(601))
            _ = try await rig.provider.observe(rig.device)
            #expect(rig.bmc.statistics.sessions == 2)
            // Nobody knows the first one's token.
            rig.bmc.endSessions()
        }
    }

    @Test("whose login is answered oddly works, and is closed", arguments: [Dialect.tokenInBody])
    func oddLogin(_ dialect: Dialect) async throws {
        try await SessionRig.with([dialect, .sessionOnly]) { rig in
            _ = try await rig.provider.observe(rig.device)
            #expect(rig.open == 1)
        }
    }

    @Test("without a token is closed at once, and Basic credentials are sent")
    func withoutToken() async throws {
        try await SessionRig.with([.noToken]) { rig in
            _ = try await rig.provider.observe(rig.device)
            #expect(rig.open == 0)
            _ = try await rig.provider.observe(rig.device)
            #expect(rig.bmc.statistics.sessions == 1)
        }
    }

    @Test("serves where Basic credentials are refused")
    func sessionOnly() async throws {
        try await SessionRig.with([.sessionOnly]) { rig in
            _ = try await rig.provider.observe(rig.device)
            #expect(rig.bmc.statistics.refusedLogins == 0)
        }
    }

    @Test("that ends at a BMC which hangs does not hold up the shutdown for long")
    func hangingLogout() async throws {
        try await SessionRig.with(timeouts: RedfishTimeouts(logout: .milliseconds(1))) { rig in
            _ = try await rig.provider.observe(rig.device)
            rig.bmc.hang()
            await rig.provider.shutdown()
            rig.bmc.resume()
            while rig.open > 0 {
                try Task.checkCancellation()
                await Task.yield()
            }
        }
    }
}
