import Core
import HTTPClient
import Redfish
import Simulator
import TestServer
import Testing

@Suite("A protocol that does not fit", .timeLimit(.minutes(5)))
struct ProtocolTests {
    @Test("http to a TLS port is told as that, with what to write")
    func plainToTLS() async throws {
        var configuration = RackConfiguration(count: 1)
        configuration.https = true
        let rack = try SimulatedRack(configuration)
        try await rack.start()
        let url = rack.bmcs[0].url.replacing("https://", with: "http://")
        let error = await #expect(throws: ProviderError.self) {
            try await Rack.provider().observe(Device(name: "d", bmc: url))
        }
        #expect(error?.kind == .untrusted)
        #expect(
            error?.message.hasSuffix(
                "; the BMC speaks TLS at this port: write https:// in the inventory") == true)
        await rack.shutdown()
    }

    @Test("TLS to a plain port is told as that, with what to write")
    func tlsToPlain() async throws {
        // A server that answers a greeting of TLS as a web server does.
        let server = try TestServer(
            greeting: Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)
        ) { _ in .close }
        defer { server.stop() }
        let error = await #expect(throws: ProviderError.self) {
            try await Rack.provider().observe(
                Device(name: "d", bmc: server.url.replacing("http://", with: "https://")))
        }
        #expect(error?.kind == .untrusted)
        #expect(error?.message.contains("there is no TLS at this port: write http://") == true)
    }

    @Test("a BMC that names its own inner address is spoken to at the one we were given")
    func innerRedirect() async throws {
        try await DialectRig.run([.innerRedirect]) { rig in
            _ = try await rig.provider.observe(rig.device)
            try await rig.provider.setPower(.on, of: rig.device)
            #expect(rig.system.power == .on)
        }
    }

    @Test("a device's own time is waited for its BMC, and no other's")
    func timeout() async throws {
        let service = try FakeService(Rack.oneSystem()) { _, _ in .hold }
        defer { service.server.stop() }
        let device = Device(
            name: "d", bmc: service.server.url, timeout: .milliseconds(150))
        let begin = ContinuousClock.now
        let error = await #expect(throws: ProviderError.self) {
            try await Rack.provider().observe(device)
        }
        #expect(error?.kind == .unreachable)
        #expect(ContinuousClock.now - begin < RedfishTimeouts().request)
    }
}
