import Core
import Redfish
import Simulator
import Testing

@Suite("Basic credentials", .timeLimit(.minutes(5)))
struct BasicFallbackTests {
    @Test("are sent where there are no sessions, and a session is tried again much later")
    func noSessions() async throws {
        try await SessionRig.with([.noSessions]) { rig in
            for _ in 0..<10 { _ = try await rig.provider.observe(rig.device) }
            // The root, the systems, the system ten times.
            #expect(rig.lines.count == 12)
        }
    }

    @Test("are sent while other programs hold all sessions; later a session is tried again")
    func exhausted() async throws {
        try await SessionRig.with(configure: { $0.sessionLimit = 3 }) { rig in
            rig.bmc.fillSessions()
            for _ in 0..<10 { _ = try await rig.provider.observe(rig.device) }
            let logins = rig.lines.filter { $0.hasPrefix("POST") }
            #expect(logins.count == 1)
            rig.bmc.endSessions()
            rig.time.advance(by: .seconds(299))
            _ = try await rig.provider.observe(rig.device)
            #expect(rig.open == 0)
            rig.time.advance(by: .seconds(2))
            _ = try await rig.provider.observe(rig.device)
            #expect(rig.open == 1)
        }
    }

    @Test("do not help at an iDRAC without free sessions: it is busy, and says why")
    func iDRAC() async throws {
        try await SessionRig.with([.fewSessions]) { rig in
            rig.bmc.fillSessions()
            let error = await rig.failure()
            #expect(error?.kind == .busy)
            #expect(
                error?.message
                    == "look failed: GET /redfish/v1/Systems: 503 IDRAC.2.1.RAC0218: The maximum "
                    + "number of user sessions is reached.; close sessions that other programs "
                    + "left open, or wait until they expire")
            // The root, one login, one try with Basic.
            #expect(rig.lines.count == 3)
            rig.bmc.endSessions()
            _ = try await rig.provider.observe(rig.device)
        }
    }

    @Test("or a session: a BMC with two sessions is left one, whatever is asked of it")
    func leavesRoom() async throws {
        try await SessionRig.with([.fewSessions]) { rig in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        if number % 10 == 0 { rig.bmc.endSessions() }
                        _ = try await rig.provider.observe(rig.device)
                    }
                }
                try await group.waitForAll()
            }
            #expect(rig.bmc.statistics.mostSessions == 1)
        }
    }
}

@Suite("A wrong password", .timeLimit(.minutes(5)))
struct WrongPasswordTests {
    @Test(
        "is tried in each way once, and again only after growing pauses", arguments: [true, false])
    func pauses(hasSessions: Bool) async throws {
        try await SessionRig.with(hasSessions ? [] : [.noSessions]) { rig in
            let wrong = rig.device(password: "wrong")
            let first = await rig.failure(wrong)
            #expect(first?.kind == .unauthorised)
            #expect(first?.message.hasSuffix("; check the user name and password") == true)
            #expect(first?.message.contains("wrong") == false)
            let requests = rig.lines.count
            let second = await rig.failure(wrong)
            #expect(second?.kind == .unauthorised)
            #expect(
                second?.message.hasSuffix(
                    "it is not tried again for \(hasSessions ? "3m" : "1m")") == true)
            // Each look may read the root, which needs no password.
            #expect(rig.lines.dropFirst(requests).allSatisfy { $0 == "GET /redfish/v1/" })
            #expect(rig.bmc.statistics.refusedLogins == (hasSessions ? 2 : 1))
            // Looks every 30 s for two hours.
            for _ in 0..<240 {
                rig.time.advance(by: .seconds(30))
                _ = await rig.failure(wrong)
            }
            #expect((6...12).contains(rig.bmc.statistics.refusedLogins))
        }
    }

    @Test("is tried in each way once, however many ask at one time", arguments: [true, false])
    func crowd(hasSessions: Bool) async throws {
        try await SessionRig.with(hasSessions ? [] : [.noSessions]) { rig in
            let wrong = rig.device(password: "wrong")
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<50 { group.addTask { _ = await rig.failure(wrong) } }
            }
            #expect(rig.bmc.statistics.refusedLogins == (hasSessions ? 2 : 1))
        }
    }

    @Test("is not sent by those who waited while the BMC refused it to one")
    func queue() async throws {
        try await SessionRig.with([.noSessions]) { rig in
            _ = try await rig.provider.observe(rig.device)
            let count = rig.lines.count
            let gate = rig.bmc.hold { _ in true }
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<50 { group.addTask { _ = await rig.failure() } }
                _ = await gate.arrival()
                // Time for others to queue up; who comes later is held back all the same.
                for _ in 0..<1000 { await Task.yield() }
                gate.open(.answer(SimulatedAnswer(status: 401)))
            }
            #expect(rig.lines.count == count + 1, "\(rig.lines)")
        }
    }

    @Test("that is set right in the inventory is tried at once")
    func corrected() async throws {
        try await SessionRig.with { rig in
            _ = await rig.failure(rig.device(password: "wrong"))
            _ = try await rig.provider.observe(rig.device(password: "hunter2"))
        }
    }

    @Test("that is set right at the BMC is found out after the pause", arguments: [true, false])
    func correctedAtBMC(hasSessions: Bool) async throws {
        try await SessionRig.with(hasSessions ? [] : [.noSessions]) { rig in
            _ = try await rig.provider.observe(rig.device)
            rig.bmc.endSessions()
            rig.bmc.onRequest { request, moment in
                guard case .arrived = moment, request.path != "/redfish/v1/" else {
                    return .proceed
                }
                return .answer(SimulatedAnswer(status: 401))
            }
            _ = await rig.failure()
            rig.bmc.onRequest(nil)
            let paused = await rig.failure()
            let pause = hasSessions ? "1m" : "20s"
            #expect(paused?.message.hasSuffix("it is not tried again for \(pause)") == true)
            rig.time.advance(by: .seconds(61))
            _ = try await rig.provider.observe(rig.device)
        }
    }

    @Test("is not what a 401 on one resource means: the session stays, and logins are few")
    func forbiddenResource() async throws {
        try await SessionRig.with { rig in
            _ = try await rig.provider.observe(rig.device)
            rig.bmc.onRequest { request, moment in
                guard case .arrived = moment, request.method == "PATCH" else { return .proceed }
                return .answer(SimulatedAnswer(status: 401))
            }
            for _ in 0..<10 {
                let error = await #expect(throws: ProviderError.self) {
                    try await rig.provider.setBoot(BootOverride(target: .pxe), of: rig.device)
                }
                #expect(error?.kind == .unauthorised)
            }
            #expect(rig.bmc.statistics.sessions <= 11)
            #expect(rig.open == 1)
        }
    }
}
