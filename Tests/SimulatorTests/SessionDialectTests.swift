import Core
import Simulator
import Testing

@Suite("A BMC's dialect of sessions", .timeLimit(.minutes(5)))
struct SessionDialectTests {
    private static let sessions = "/redfish/v1/SessionService/Sessions"
    private static let login: JSON = ["UserName": "admin", "Password": "simulated"]

    private func with(
        _ dialect: Dialect, _ body: (SimulatedBMC, TestClient) async throws -> Void
    ) async throws {
        try await withRack(
            1,
            {
                $0.credentials = Credentials(username: "admin", password: Secret("simulated"))
                $0.dialects = [dialect]
            }
        ) { rack in
            try await body(rack.bmcs[0], try await TestClient(to: rack.bmcs[0].url))
        }
    }

    @Test("few sessions: once two are open, logins and Basic get RAC0218, tokens go on")
    func fewSessions() async throws {
        try await with(.fewSessions) { bmc, client in
            let basic = basic("admin", "simulated")
            #expect(try await client.get(systemPath, headers: basic).status == 200)
            let first = try await client.post(Self.sessions, Self.login)
            let token = try #require(first.header("X-Auth-Token"))
            bmc.fillSessions()
            #expect(bmc.statistics.openSessions == 2)
            let refused = try await client.post(Self.sessions, Self.login)
            #expect(refused.status == 503)
            #expect(refused.messageID == "IDRAC.2.1.RAC0218")
            #expect(try await client.get(systemPath, headers: basic).status == 503)
            #expect(
                try await client.get(systemPath, headers: ["X-Auth-Token": token]).status == 200)
            #expect(bmc.statistics.mostSessions == 2)
        }
    }

    @Test("forgetful: a session is good for five requests")
    func forgetful() async throws {
        try await with(.forgetful) { bmc, client in
            let login = try await client.post(Self.sessions, Self.login)
            let headers = ["X-Auth-Token": try #require(login.header("X-Auth-Token"))]
            for _ in 0..<5 {
                #expect(try await client.get(systemPath, headers: headers).status == 200)
            }
            #expect(try await client.get(systemPath, headers: headers).status == 401)
            #expect(bmc.sessionCount == 0)
        }
    }

    @Test("no sessions: nothing of them is shown, and Basic is accepted")
    func noSessions() async throws {
        try await with(.noSessions) { (_, client) async throws in
            let root = try await client.get("/redfish/v1/").json
            #expect(root["SessionService"] == nil)
            #expect(root["Links"]?["Sessions"] == nil)
            let basic = basic("admin", "simulated")
            #expect(
                try await client.get("/redfish/v1/SessionService", headers: basic).status == 404)
            #expect(try await client.get(systemPath, headers: basic).status == 200)
        }
    }

    @Test("session only: Basic is refused, a token is not")
    func sessionOnly() async throws {
        try await with(.sessionOnly) { bmc, client in
            let basic = basic("admin", "simulated")
            #expect(try await client.get(systemPath, headers: basic).status == 401)
            #expect(bmc.statistics.refusedLogins == 1)
            let login = try await client.post(Self.sessions, Self.login)
            let headers = ["X-Auth-Token": try #require(login.header("X-Auth-Token"))]
            #expect(try await client.get(systemPath, headers: headers).status == 200)
        }
    }

    @Test("no token, or one in the body beside a Location at another host")
    func oddTokens() async throws {
        try await with(.noToken) { bmc, client in
            let login = try await client.post(Self.sessions, Self.login)
            #expect(login.status == 201)
            #expect(login.header("X-Auth-Token") == nil)
            #expect(bmc.sessionCount == 1)
        }
        try await with(.tokenInBody) { _, client in
            let login = try await client.post(Self.sessions, Self.login)
            #expect(login.header("X-Auth-Token") == nil)
            #expect(login.header("Location") == "https://bmc.example\(Self.sessions)/1")
            let token = try #require(login.json["X-Auth-Token"]?.string)
            #expect(
                try await client.get(systemPath, headers: ["X-Auth-Token": token]).status == 200)
        }
    }

    @Test("busy: four requests are put off, with seconds and with dates")
    func busy() async throws {
        try await with(.busy) { (_, client) async throws in
            var asked: [String?] = []
            for _ in 0..<4 {
                let answer = try await client.get("/redfish/v1/")
                #expect(answer.status == 503)
                asked.append(answer.header("Retry-After"))
            }
            #expect(asked[0] == "1")
            #expect(asked[1]?.hasSuffix("GMT") == true)
            #expect(try await client.get("/redfish/v1/").status == 200)
        }
    }

    @Test("rate limit: every third request is refused")
    func rateLimit() async throws {
        try await with(.rateLimit) { (_, client) async throws in
            var statuses: [Int] = []
            for _ in 0..<6 { statuses.append(try await client.get("/redfish/v1/").status) }
            #expect(statuses == [200, 200, 429, 200, 200, 429])
        }
    }

    @Test("slash redirect: a path without a slash is sent to the one with")
    func slashRedirect() async throws {
        try await with(.slashRedirect) { (_, client) async throws in
            let answer = try await client.get("/redfish/v1?$top=1")
            #expect(answer.status == 308)
            #expect(answer.header("Location") == "/redfish/v1/?$top=1")
            #expect(try await client.get("/redfish/v1/").status == 200)
        }
    }
}
