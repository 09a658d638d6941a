import Core
import Simulator
import Testing

@Suite("Faults", .timeLimit(.minutes(5)))
struct FaultTests {
    @Test("a request held before it is carried out has done nothing yet")
    func holdBefore() async throws {
        try await withRack { rack in
            let bmc = rack.bmcs[0]
            let gate = bmc.hold { $0.method == "POST" }
            let client = try await TestClient(to: bmc.url)
            async let answer = client.reset(systemPath, "On")
            let held = try #require(await gate.arrival())
            #expect(held.path == systemPath + "/Actions/ComputerSystem.Reset")
            #expect(String(decoding: held.body, as: UTF8.self) == #"{"ResetType":"On"}"#)
            #expect(bmc.systems[0].power == .off)
            #expect(bmc.statistics.requestsInFlight == 1)
            // Others pass meanwhile.
            let other = try await TestClient(to: bmc.url)
            #expect(try await other.get(systemPath).status == 200)
            gate.open()
            #expect(try await answer.status == 204)
            try await bmc.systems[0].waitForPower(.on)
            #expect(bmc.statistics.mostRequestsInFlight == 2)
        }
    }

    @Test("a request dropped before its answer has been carried out all the same")
    func dropAfter() async throws {
        try await withRack { rack in
            let bmc = rack.bmcs[0]
            let gate = bmc.hold(at: .beforeAnswer) { $0.method == "POST" }
            let client = try await TestClient(to: bmc.url)
            let answer = Task { try await client.reset(systemPath, "On") }
            #expect(await gate.arrival() != nil)
            try await bmc.systems[0].waitForPower(.on)
            gate.open(.drop)
            await #expect(throws: (any Error).self) { try await answer.value }
            #expect(bmc.systems[0].resets == ["On"])
        }
    }

    @Test("a request dropped on arrival is not carried out")
    func dropBefore() async throws {
        try await withRack { rack in
            rack.onRequest { request, moment in
                if case .arrived = moment, request.method == "POST" { return .drop }
                return .proceed
            }
            let client = try await TestClient(to: rack.bmcs[0].url)
            await #expect(throws: (any Error).self) {
                try await client.reset(systemPath, "On")
            }
            #expect(rack.bmcs[0].systems[0].power == .off)
            #expect(rack.bmcs[0].statistics.requests == 1)
            rack.onRequest(nil)
            let again = try await TestClient(to: rack.bmcs[0].url)
            #expect(try await again.reset(systemPath, "On").status == 204)
        }
    }

    @Test("a hook may answer instead of the BMC, before or after the request is carried out")
    func answerInstead() async throws {
        try await withRack { rack in
            let bmc = rack.bmcs[0]
            let client = try await TestClient(to: bmc.url)
            bmc.onRequest { _, moment in
                guard case .arrived = moment else { return .proceed }
                return .answer(SimulatedAnswer(status: 503, json: ["busy": true]))
            }
            let early = try await client.reset(systemPath, "On")
            #expect(early.status == 503)
            #expect(early.json == ["busy": true])
            #expect(bmc.systems[0].power == .off)
            bmc.onRequest { _, moment in
                guard case .executed(let answer) = moment else { return .proceed }
                return answer.status == 204
                    ? .answer(SimulatedAnswer(status: 500, body: Array("oops".utf8))) : .proceed
            }
            let late = try await client.reset(systemPath, "On")
            #expect(late.status == 500)
            #expect(String(decoding: late.body, as: UTF8.self) == "oops")
            try await bmc.systems[0].waitForPower(.on)
        }
    }

    @Test("garbage and silence are possible answers, and a delay goes on")
    func otherVerdicts() async throws {
        try await withRack { rack in
            let bmc = rack.bmcs[0]
            bmc.onRequest { request, moment in
                guard case .arrived = moment else { return .proceed }
                return switch request.path {
                case "/garbage": .garbage(Array("\u{0}\u{1} no HTTP".utf8))
                case "/silence": .silence
                default: .delay(.milliseconds(20))
                }
            }
            let client = try await TestClient(to: bmc.url)
            let start = ContinuousClock.now
            #expect(try await client.get(systemPath).status == 200)
            #expect(ContinuousClock.now - start >= .milliseconds(20))
            await #expect(throws: (any Error).self) { try await client.get("/garbage") }
            let other = try await TestClient(to: bmc.url)
            let never = Task { try await other.get("/silence") }
            await other.close()
            await #expect(throws: (any Error).self) { try await never.value }
        }
    }

    @Test("an unplugged BMC breaks its connections and refuses new ones, until it is plugged in")
    func unplug() async throws {
        try await withRack(2) { rack in
            let bmc = rack.bmcs[0]
            let url = bmc.url
            let client = try await TestClient(to: url)
            #expect(try await client.get(systemPath).status == 200)
            await bmc.unplug()
            await #expect(throws: (any Error).self) { try await client.get(systemPath) }
            await #expect(throws: (any Error).self) { try await TestClient(to: url) }
            let neighbour = try await TestClient(to: rack.bmcs[1].url)
            #expect(try await neighbour.get(systemPath).status == 200)
            try await bmc.plugIn()
            #expect(bmc.url == url)
            let again = try await TestClient(to: url)
            #expect(try await again.get(systemPath).status == 200)
        }
    }

    @Test(
        "a BMC that hangs accepts and does not answer, until it resumes", arguments: [false, true])
    func hang(https: Bool) async throws {
        try await withRack(1, { $0.https = https }) { rack in
            let bmc = rack.bmcs[0]
            let old = try await TestClient(to: bmc.url, caPEM: rack.caPEM)
            #expect(try await old.get(systemPath).status == 200)
            bmc.hang()
            let new = try await TestClient(to: bmc.url, caPEM: rack.caPEM)
            async let oldAnswer = old.reset(systemPath, "On")
            async let newAnswer = new.get(systemPath)
            await #expect(throws: SimulatorError.self) {
                try await bmc.systems[0].waitForPower(.on, timeout: .milliseconds(30))
            }
            bmc.resume()
            #expect(try await oldAnswer.status == 204)
            #expect(try await newAnswer.status == 200)
            try await bmc.systems[0].waitForPower(.on)
        }
    }

    @Test("a shutdown lets go what is held")
    func shutdownReleases() async throws {
        let gate = try await withRack { rack in
            let gate = rack.bmcs[0].hold()
            let client = try await TestClient(to: rack.bmcs[0].url)
            let answer = Task { try await client.get(systemPath) }
            #expect(await gate.arrival() != nil)
            await rack.shutdown()
            await #expect(throws: (any Error).self) { try await answer.value }
            return gate
        }
        #expect(gate.requests.count == 1)
    }
}
