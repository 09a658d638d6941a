import CCurl
import Glibc
import SystemLimits
import TestServer
import Testing

@testable import HTTPClient

@Suite("What this machine lacks", .timeLimit(.minutes(5)))
struct ShortageTests {
    let client = HTTPClient()

    private func failure(_ url: String) async -> HTTPError? {
        await #expect(throws: HTTPError.self) { try await client.send(HTTPRequest(url: url)) }
    }

    // A broadcast or multicast address has no route for TCP, whatever the machine's network
    // (ip_route_connect in Linux); a name under .invalid has no address (RFC 6761, section 6.4).
    @Test(
        "such as a route or a name's address is told from what a server does",
        arguments: [
            "http://255.255.255.255/", "http://224.0.0.1/", "https://255.255.255.255/",
            "http://bmc.invalid/",
        ])
    func lacks(_ url: String) async {
        let error = await failure(url)
        #expect(error?.kind == .resources, "\(error?.message ?? "")")
        #expect(error?.mayHaveBeenSent == false)
    }

    @Test("is not blamed where a server refuses")
    func refused() async throws {
        let port = try DeafPort()
        #expect(await failure("http://127.0.0.1:\(port.number)/")?.kind == .connect)
    }

    @Test(
        "is sorted by the system's error",
        arguments: [
            (EMFILE, true), (ENFILE, true), (ENOMEM, true), (ENOBUFS, true), (EAGAIN, true),
            (EADDRNOTAVAIL, true), (ENETUNREACH, true), (ENETDOWN, true), (EPERM, true),
            (ECONNREFUSED, false), (ETIMEDOUT, false), (EHOSTUNREACH, false), (ECONNRESET, false),
            (EHOSTDOWN, false), (0, false),
        ])
    func numbers(_ number: CInt, _ isOurs: Bool) {
        #expect(OwnShortage.isMeant(by: number) == isOurs)
    }

    @Test("is not a server's time running out, unless no name server answers")
    func resolving() {
        let late = "Resolving timed out after 5000 milliseconds"
        #expect(HTTPError.Kind(CURLE_OPERATION_TIMEDOUT, late) == .resources)
        #expect(
            HTTPError.Kind(CURLE_OPERATION_TIMEDOUT, "Connection timed out after 5000 milliseconds")
                == .timeout)
        let thread = "getaddrinfo() thread failed to start"
        #expect(HTTPError.Kind(CURLE_COULDNT_RESOLVE_HOST, thread) == .resources)
    }

    @Test("of connections has requests wait for their turn, idle ones closing for them")
    func budget() async throws {
        let client = HTTPClient(configuration: .init(maximumConnections: 3))
        let servers = try (0..<8).map { _ in try TestServer { _ in .answer(200, "ok") } }
        defer { for server in servers { server.stop() } }
        for _ in 0..<3 {
            try await withThrowingTaskGroup(of: Int.self) { group in
                for server in servers {
                    group.addTask { try await client.send(HTTPRequest(url: server.url)).status }
                }
                for try await status in group { #expect(status == 200) }
            }
        }
        // Each of the eight would have kept its one connection.
        #expect(servers.map(\.log.accepted).reduce(0, +) > 8)
    }

    @Test("of connections lets one request in when another ends")
    func turn() async throws {
        let client = HTTPClient(configuration: .init(maximumConnections: 1))
        let server = try TestServer { _ in .answer(200, "ok") }
        defer { server.stop() }
        let request = HTTPRequest(url: server.url)
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<50 { group.addTask { try await client.send(request).status } }
            for try await status in group { #expect(status == 200) }
        }
        #expect(server.log.mostInFlight == 1 && server.log.requests.count == 50)
    }
}
