import Core
import HTTPClient
import Locking
import TestServer
import Testing

@testable import Redfish

@Suite("A login", .timeLimit(.minutes(5)))
struct LoginTests {
    private static let sessions = "/redfish/v1/SessionService/Sessions"
    private static let token = "t0ken-of-the-session"

    /// A service that opens sessions and has a root of the given members.
    private func service(
        root: JSONObject = ["SessionService": ["@odata.id": "/redfish/v1/SessionService"]],
        login: TestReply = .answer(
            201, headers: ["x-auth-TOKEN": token, "Location": sessions + "/7"]),
        intercept: @escaping @Sendable (TestRequest) -> TestReply? = { _ in nil }
    ) throws -> FakeService {
        var resources = Rack.oneSystem()
        resources["/redfish/v1"] = resources["/redfish/v1"]?.setting(root)
        return try FakeService(resources) { request, _ in
            if let reply = intercept(request) { return reply }
            return request.method == "POST" ? login : nil
        }
    }

    private func look(at service: FakeService) async throws -> [String] {
        defer { service.server.stop() }
        let provider = Rack.provider()
        _ = try await provider.observe(service.device())
        await provider.shutdown()
        return service.lines()
    }

    @Test("goes to Links.Sessions, else below SessionService")
    func places() async throws {
        let linked: JSONObject = ["Links": ["Sessions": ["@odata.id": "/redfish/v1/Sessions/"]]]
        #expect(try await look(at: service(root: linked))[1] == "POST /redfish/v1/Sessions/")
        let unlinked: JSONObject = ["SessionService": ["@odata.id": "/redfish/v1/SessionService/"]]
        #expect(try await look(at: service(root: unlinked))[1] == "POST \(Self.sessions)")
        #expect(try await look(at: service(root: [:]))[1] == "GET /redfish/v1/Systems")
    }

    @Test("does not follow a link to another host")
    func foreignCollection() async throws {
        let other = try TestServer { _ in .answer(201, headers: ["X-Auth-Token": "x"]) }
        defer { other.stop() }
        let link = JSON.string(other.url + Self.sessions)
        let lines = try await look(at: service(root: ["Links": ["Sessions": ["@odata.id": link]]]))
        #expect(lines[1] == "GET /redfish/v1/Systems")
        #expect(other.log.requests.isEmpty)
    }

    @Test("names the session in one of many ways, and the session is ended at this BMC")
    func sessionPlaces() async throws {
        let other = try TestServer { _ in .answer(204) }
        defer { other.stop() }
        let headers = ["X-Auth-Token": Self.token]
        let place = Self.sessions + "/7"
        let logins: [TestReply] = [
            .answer(201, headers: headers.merging(["Location": place]) { $1 }),
            .answer(201, headers: headers.merging(["Location": other.url + place]) { $1 }),
            .answer(200, #"{"@odata.id": "\#(place)"}"#, headers: headers),
            .answer(201, #"{"Id": "7"}"#, headers: headers),
            .answer(201, #"{"Id": "7", "Oem": {"X": {"Token": "\#(Self.token)"}}}"#),
        ]
        for login in logins {
            #expect(try await look(at: service(login: login)).last == "DELETE \(place)")
        }
        let elsewhere = headers.merging(["Location": other.url + "/admin/7"]) { $1 }
        let lines = try await look(at: service(login: .answer(201, headers: elsewhere)))
        #expect(!lines.contains { $0.hasPrefix("DELETE") })
        #expect(other.log.requests.isEmpty)
    }

    @Test("that is refused for whatever but the password leads to Basic credentials")
    func refusals() async throws {
        let limit = "Base.1.18.SessionLimitExceeded"
        let replies: [TestReply] =
            [400, 403, 404, 405, 410, 429, 500, 501, 503].map { .answer($0) }
            + [400, 401, 403, 503].map { .refusal(status: $0, limit, "Too many.") }
            + [.answer(302), .answer(307, headers: ["Location": "https://other/"])]
        for reply in replies {
            let service = try service(login: reply)
            defer { service.server.stop() }
            let provider = RedfishProvider(
                http: HTTPClient(), logger: Rack.silent, time: QuickTime())
            _ = try await provider.observe(service.device())
            let last = service.server.log.requests.last
            #expect(last?.headers["authorization"] != nil)
            let count = service.lines().count
            _ = try await provider.observe(service.device())
            #expect(service.lines().count == count + 1)
        }
    }

    @Test("is made with credentials to see all of a root that shows strangers less")
    func reducedRoot() async throws {
        let service = try service { request in
            request.path == "/redfish/v1/" && request.headers["x-auth-token"] == nil
                ? .answer(200, #"{"Links": {"Sessions": {"@odata.id": "\#(Self.sessions)"}}}"#)
                : nil
        }
        #expect(
            try await look(at: service).prefix(3) == [
                "GET /redfish/v1/", "POST \(Self.sessions)", "GET /redfish/v1/",
            ])
    }

    @Test("is made at a service whose root is shown to nobody without")
    func closedRoot() async throws {
        let service = try service { request in
            request.path == "/redfish/v1/" && request.headers["x-auth-token"] == nil
                ? .answer(401) : nil
        }
        let lines = try await look(at: service)
        #expect(lines.filter { $0.hasPrefix("POST") } == ["POST \(Self.sessions)"])
        #expect(lines.last == "DELETE \(Self.sessions)/7")
    }

    @Test("yields a token that is never shown, and sends the password only as the login's body")
    func secrets() async throws {
        let service = try service { request in
            request.path == Rack.system
                ? .answer(400, "token \(Self.token), password hunter2") : nil
        }
        defer { service.server.stop() }
        let provider = Rack.provider()
        let error = await #expect(throws: ProviderError.self) {
            try await provider.observe(service.device())
        }
        #expect(error?.message.contains("token •••, password •••") == true)
        await provider.shutdown()
        let requests = service.server.log.requests
        #expect(requests.allSatisfy { $0.headers["authorization"] == nil })
        #expect(requests.filter { $0.text.contains("hunter2") }.map(\.method) == ["POST"])
        let tokens = requests.map { $0.headers["x-auth-token"] }
        #expect(tokens == [nil, nil] + Array(repeating: Self.token, count: requests.count - 2))
    }

    @Test("has company, but not too much at one time")
    func throttle() async throws {
        let throttle = LoginThrottle(limit: 8, time: QuickTime())
        let counts = Counts()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    try await throttle.pass { () async throws(RedfishFailure) in
                        counts.enter()
                        for _ in 0..<10 { await Task.yield() }
                        counts.leave()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(counts.most <= 8)
        #expect(counts.now == 0)
    }

    @Test("on its own starts at once; beside others it waits a while that is not always the same")
    func jitter() async throws {
        let time = QuickTime()
        let throttle = LoginThrottle(time: time)
        try await throttle.pass { () throws(RedfishFailure) in }
        #expect(time.pauses.isEmpty)
        try await throttle.pass { () async throws(RedfishFailure) in
            for _ in 0..<100 { try await throttle.pass { () throws(RedfishFailure) in } }
        }
        #expect(time.pauses.count == 100)
        #expect(Set(time.pauses).count > 1)
        #expect(time.pauses.allSatisfy { $0 <= .milliseconds(4) })
    }
}

@Suite("Shared work", .timeLimit(.minutes(5)))
struct SharedTaskTests {
    @Test("goes on for those who stay, and ends with the last if nobody else wants it")
    func leaving() async throws {
        let (opened, open) = AsyncStream.makeStream(of: Void.self)
        let kept = SharedTask<Int>(wanted: .byWaitersOnly) {
            for await _ in opened {}
            return 1
        }
        let leaver = Task { await kept.value() }
        let stayer = Task { await kept.value() }
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let ended = SharedTask<Bool>(wanted: .byWaitersOnly) {
            begin.finish()
            await Cancellation.arrival()
            return Task.isCancelled
        }
        let only = Task { await ended.value() }
        for await _ in begun {}
        leaver.cancel()
        only.cancel()
        #expect(await leaver.value == nil)
        #expect(await only.value == nil)
        while !ended.isAbandoned {
            try Task.checkCancellation()
            await Task.yield()
        }
        #expect(await ended.value() != false)
        open.finish()
        #expect(await stayer.value == 1)
        #expect(await kept.value() == 1)
        #expect(!kept.isAbandoned)
    }
}

/// How many are at something, and the most that were at one time.
private final class Counts: Sendable {
    private let state = Mutex((now: 0, most: 0))

    var now: Int { state.withLock(\.now) }
    var most: Int { state.withLock(\.most) }

    func enter() {
        state.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
    }

    func leave() {
        state.withLock { $0.now -= 1 }
    }
}
