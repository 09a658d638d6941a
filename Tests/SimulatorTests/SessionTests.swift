import Core
import Simulator
import Testing

@Suite("Authentication", .timeLimit(.minutes(5)))
struct SessionTests {
    private static let sessions = "/redfish/v1/SessionService/Sessions"
    private static let login: JSON = ["UserName": "admin", "Password": "simulated"]

    private func withLockedRack(
        _ configure: (inout RackConfiguration) -> Void = { _ in },
        _ body: (SimulatedBMC, TestClient) async throws -> Void
    ) async throws {
        try await withRack(
            1,
            {
                $0.credentials = Credentials(username: "admin", password: Secret("simulated"))
                configure(&$0)
            }
        ) { rack in
            try await body(rack.bmcs[0], try await TestClient(to: rack.bmcs[0].url))
        }
    }

    @Test("only the service root is served without credentials")
    func withoutCredentials() async throws {
        try await withLockedRack { bmc, client in
            #expect(try await client.get("/redfish").status == 200)
            #expect(try await client.get("/redfish/v1/").status == 200)
            let refused = try await client.get(systemPath)
            #expect(refused.status == 401)
            #expect(refused.messageID == "Base.1.18.NoValidSession")
            #expect(refused.header("WWW-Authenticate")?.hasPrefix("Basic") == true)
            #expect(try await client.reset(systemPath, "On").status == 401)
            #expect(try await client.get("/redfish/v1/Nothing").status == 401)
            #expect(bmc.systems[0].power == .off)
        }
    }

    @Test("Basic authentication is accepted with the right password only")
    func basicAuthentication() async throws {
        try await withLockedRack { (_, client) async throws in
            let right = basic("admin", "simulated")
            #expect(try await client.get(systemPath, headers: right).status == 200)
            let wrong = basic("admin", "guess")
            #expect(try await client.get(systemPath, headers: wrong).status == 401)
        }
    }

    @Test("a session lives from login to logout")
    func session() async throws {
        try await withLockedRack { bmc, client in
            let login = try await client.post(Self.sessions, Self.login)
            #expect(login.status == 201)
            let token = try #require(login.header("X-Auth-Token"))
            let place = try #require(login.header("Location"))
            let authorised = ["X-Auth-Token": token]
            #expect(try await client.get(systemPath, headers: authorised).status == 200)
            let members = try await client.get(Self.sessions, headers: authorised).json["Members"]
            #expect(members == [["@odata.id": .string(place)]])
            #expect(
                try await client.get(place, headers: authorised).json["UserName"] == "admin")
            #expect(try await client.send("DELETE", place, headers: authorised).status == 204)
            #expect(try await client.get(systemPath, headers: authorised).status == 401)
            #expect(bmc.sessionCount == 0)
        }
    }

    @Test("a login with a wrong password is refused")
    func wrongLogin() async throws {
        try await withLockedRack { (bmc, client) async throws in
            let wrong: JSON = ["UserName": "admin", "Password": "guess"]
            #expect(try await client.post(Self.sessions, wrong).status == 401)
            #expect(try await client.post(Self.sessions, ["UserName": "admin"]).status == 400)
            #expect(bmc.sessionCount == 0)
        }
    }

    @Test("no more sessions than the limit are opened, and a logout makes room")
    func limit() async throws {
        try await withLockedRack({ $0.sessionLimit = 2 }) { _, client in
            let first = try await client.post(Self.sessions, Self.login)
            #expect(first.status == 201)
            #expect(try await client.post(Self.sessions, Self.login).status == 201)
            let refused = try await client.post(Self.sessions, Self.login)
            #expect(refused.status == 503)
            #expect(refused.messageID == "Base.1.18.SessionLimitExceeded")
            let place = try #require(first.header("Location"))
            let basic = basic("admin", "simulated")
            #expect(try await client.send("DELETE", place, headers: basic).status == 204)
            #expect(try await client.post(Self.sessions, Self.login).status == 201)
        }
    }

    @Test("a BMC that restarts forgets its sessions")
    func forgotten() async throws {
        try await withLockedRack { bmc, client in
            let login = try await client.post(Self.sessions, Self.login)
            let token = try #require(login.header("X-Auth-Token"))
            bmc.endSessions()
            let answer = try await client.get(systemPath, headers: ["X-Auth-Token": token])
            #expect(answer.status == 401)
        }
    }
}
