import Core
import HTTPClient
import Locking
import Simulator
import TestServer
import Testing

@testable import Redfish

@Suite("A redirect", .timeLimit(.minutes(5)))
struct RedirectTests {
    @Test("to the path with a slash is followed, for reading, logging in and commands")
    func slashes() async throws {
        try await SessionRig.with([.slashRedirect, .sessionOnly]) { rig in
            _ = try await rig.provider.observe(rig.device)
            try await rig.provider.setPower(.forceOff, of: rig.device)
            try await rig.provider.setBoot(BootOverride(target: .pxe), of: rig.device)
            #expect(rig.lines.contains { $0.hasPrefix("PATCH") && $0.hasSuffix("/") })
            #expect(rig.bmc.statistics.sessions == 1)
        }
    }

    @Test("to another host, port or scheme gets neither the request nor the credentials")
    func elsewhere() async throws {
        let other = try TestServer { _ in .answer(200, "{}") }
        defer { other.stop() }
        let path = "/redfish/v1/Systems"
        for target in [
            other.url + path, other.url.replacing("127.0.0.1", with: "localhost") + path,
        ] {
            let service = try FakeService(Rack.oneSystem()) { request, _ in
                request.path == path ? .answer(307, headers: ["Location": target]) : nil
            }
            defer { service.server.stop() }
            let provider = Rack.provider()
            let error = await #expect(throws: ProviderError.self) {
                try await provider.observe(service.device())
            }
            #expect(
                error?.message
                    == "look failed: GET \(path): 307 to \(target), which is not followed")
        }
        #expect(other.log.requests.isEmpty)
    }

    @Test("to a place where nobody answers is not believed")
    func nobody() async throws {
        let once = Mutex(true)
        // It speaks no TLS.
        let encrypted = Mutex("")
        let actions = Rack.actions(["On", "ForceOff"])
        let service = try FakeService(Rack.oneSystem(["Actions": actions])) { request, _ in
            let isFirst =
                request.path == Rack.system
                && once.withLock { isFirst in
                    defer { isFirst = false }
                    return isFirst
                }
            let target = encrypted.withLock(\.self) + request.path
            return isFirst ? .answer(302, headers: ["Location": target]) : nil
        }
        defer { service.server.stop() }
        encrypted.withLock { $0 = "https" + service.server.url.dropFirst("http".count) }
        let provider = Rack.provider()
        await #expect(throws: ProviderError.self) { try await provider.observe(service.device()) }
        for _ in 0..<2 { _ = try await provider.observe(service.device()) }
        try await provider.setPower(.forceOff, of: service.device())
    }

    @Test("without end stops after the fifth")
    func circle() async throws {
        let service = try FakeService(Rack.oneSystem()) { request, _ in
            .answer(302, headers: ["Location": request.path + "x"])
        }
        defer { service.server.stop() }
        let provider = Rack.provider()
        let error = await #expect(throws: ProviderError.self) {
            try await provider.observe(service.device())
        }
        #expect(service.lines().count == 6)
        #expect(
            error?.message.hasPrefix("look failed: GET /redfish/v1/: redirected more than 5 times")
                == true)
    }

    private static let table: [(Int, String, String, String, String?)] = [
        (308, "GET", "http://a/x", "/x/", "http://a/x/"),
        (301, "POST", "https://a/x", "https://A:443/y?z", "https://A:443/y?z"),
        (302, "PATCH", "https://a/x/y", "z", "https://a/x/z"),
        (307, "GET", "http://a:8080/x", "https://a/x", "https://a/x"),
        (
            307, "GET", "https://[2001:db8::1]/x", "https://[2001:db8::1]:443/y",
            "https://[2001:db8::1]:443/y"
        ),
        (303, "GET", "https://a/x", "/y", "https://a/y"),
        (303, "POST", "https://a/x", "/y", nil),
        (307, "GET", "https://a/x", "http://a/x", nil),
        (307, "GET", "https://a/x", "https://a:8443/x", nil),
        (307, "GET", "http://a/x", "https://a:8443/x", nil),
        (307, "GET", "http://a:8080/x", "https://a:8080/x", "https://a:8080/x"),
        (307, "GET", "http://a/x", "http://a:8080/x", nil),
        (307, "GET", "https://a/x", "https://b/x", nil),
        (307, "GET", "https://a/x", "//b/x", nil),
        (307, "GET", "https://a/x", "https://a@b/x", nil),
        (307, "GET", "https://a/x", "https://u:p@a/x", nil),
        (307, "GET", "https://a/x", "ftp://a/x", nil),
        (307, "GET", "https://a/x", "", nil),
    ]

    @Test("is followed at the BMC itself, and to its encrypted side", arguments: table)
    func targets(
        status: Int, method: String, from: String, location: String, expected: String?
    ) throws {
        let response = HTTPResponse(status: status, headers: ["Location": location])
        let redirect = try #require(Redirect(response, to: method, at: from))
        if case .follow(let url, _) = redirect {
            #expect(url == expected)
        } else {
            #expect(expected == nil)
        }
        #expect(Redirect(HTTPResponse(status: 304), to: method, at: from) == nil)
    }
}
