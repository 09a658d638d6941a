import Core
import HTTPClient
import Simulator
import Testing

@Suite("A pinned certificate", .timeLimit(.minutes(5)))
struct PinTests {
    private static let path = "/redfish/v1"

    /// Runs `body` with one BMC that speaks TLS, with a certificate that no system trusts.
    private func withBMC(_ body: (SimulatedBMC) async throws -> Void) async throws {
        var configuration = RackConfiguration(count: 1)
        configuration.https = true
        let rack = try SimulatedRack(configuration)
        try await rack.start()
        do {
            try await body(rack.bmcs[0])
        } catch {
            await rack.shutdown()
            throw error
        }
        await rack.shutdown()
    }

    private func request(_ bmc: SimulatedBMC, _ trust: HTTPTrust) -> HTTPRequest {
        HTTPRequest(
            url: bmc.url + Self.path,
            basicCredentials: HTTPCredentials(user: "admin", password: "hunter2"), trust: trust)
    }

    private let wrong = HTTPTrust.certificate(sha256: [UInt8](repeating: 7, count: 32))

    @Test("is accepted whoever issued it, and its connection and session are reused")
    func accepted() async throws {
        try await withBMC { bmc in
            let client = HTTPClient()
            let found = try await client.certificate(ofServerFor: request(bmc, .system))
            #expect(found.sha256.count == 32)
            #expect(!found.isSelfSigned)
            #expect(bmc.statistics.requests == 0)
            let pinned = request(bmc, .certificate(sha256: found.sha256))
            for _ in 0..<3 { #expect(try await client.send(pinned).status == 200) }
            // One for the look at the certificate, one for the three requests.
            #expect(bmc.statistics.connections == 2)
        }
    }

    @Test("is accepted again when its TLS session is resumed")
    func resumed() async throws {
        try await withBMC { bmc in
            let client = HTTPClient(configuration: .init(connectionCacheSize: 1))
            let found = try await client.certificate(ofServerFor: request(bmc, .system))
            var pinned = request(bmc, .certificate(sha256: found.sha256))
            pinned.headers["Connection"] = "close"
            for _ in 0..<3 { #expect(try await client.send(pinned).status == 200) }
            #expect(bmc.statistics.connections == 4)
        }
    }

    @Test("that the server does not show fails the request before anything is sent")
    func mismatch() async throws {
        try await withBMC { bmc in
            let client = HTTPClient()
            let found = try await client.certificate(ofServerFor: request(bmc, .system))
            for method in ["GET", "POST"] {
                var request = request(bmc, wrong)
                request.method = method
                let error = await #expect(throws: HTTPError.self) { try await client.send(request) }
                #expect(error?.kind == .untrusted)
                #expect(error?.mayHaveBeenSent == false)
                #expect(error?.certificate == found)
            }
            // An answered request comes after all that might have been sent.
            _ = try await client.send(request(bmc, .anything))
            #expect(bmc.requests.map(\.method) == ["GET"])
        }
    }

    @Test("is asked of connections that requests with another trust have left open")
    func reuse() async throws {
        try await withBMC { bmc in
            let client = HTTPClient()
            let found = try await client.certificate(ofServerFor: request(bmc, .system))
            let right = HTTPTrust.certificate(sha256: found.sha256)
            for trust in [HTTPTrust.anything, right] {
                #expect(try await client.send(request(bmc, trust)).status == 200)
                for refused in [wrong, .system] {
                    let error = await #expect(throws: HTTPError.self) {
                        try await client.send(request(bmc, refused))
                    }
                    #expect(error?.kind == .untrusted)
                    #expect(error?.mayHaveBeenSent == false)
                }
                #expect(try await client.send(request(bmc, trust)).status == 200)
            }
            #expect(bmc.statistics.requests == 4)
        }
    }

    @Test("does not matter without TLS, nor is there one to ask for")
    func plain() async throws {
        let rack = try SimulatedRack(RackConfiguration(count: 1))
        try await rack.start()
        let request = request(rack.bmcs[0], wrong)
        #expect(try await HTTPClient().send(request).status == 200)
        let error = await #expect(throws: HTTPError.self) {
            try await HTTPClient().certificate(ofServerFor: request)
        }
        #expect(error?.kind == .invalidRequest)
        #expect(rack.bmcs[0].statistics.requests == 1)
        await rack.shutdown()
    }
}
