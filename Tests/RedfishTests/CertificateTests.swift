import Core
import HTTPClient
import Locking
import Logging
import Redfish
import Simulator
import Testing

@Suite("A BMC's certificate", .timeLimit(.minutes(5)))
struct CertificateTests {
    private let provider = Rack.provider()

    private func withRacks(
        _ count: Int = 1, _ body: ([SimulatedRack]) async throws -> Void
    ) async throws {
        var configuration = RackConfiguration(count: 1)
        configuration.https = true
        configuration.credentials = Credentials(username: "admin", password: Secret("hunter2"))
        var racks: [SimulatedRack] = []
        for _ in 0..<count { racks.append(try SimulatedRack(configuration)) }
        for rack in racks { try await rack.start() }
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(racks))
        } catch {
            result = .failure(error)
        }
        for rack in racks { await rack.shutdown() }
        try result.get()
    }

    private func device(_ rack: SimulatedRack, _ trust: TLSTrust, name: String = "d1") -> Device {
        let device = rack.devices()[0]
        return Device(
            name: name, bmc: device.bmc, credentials: device.credentials, tls: trust)
    }

    private func failure(_ device: Device) async -> ProviderError? {
        await #expect(throws: ProviderError.self) { try await provider.observe(device) }
    }

    /// What the inventory makes of the line that an error offers.
    private func trust(from message: String?) throws -> TLSTrust {
        let line = try #require(
            message?.firstMatch(of: /tls: \{fingerprint: "sha256:[0-9A-F:]+"\}/))
        let inventory = try Inventory(
            parsing: "devices: [{name: a, bmc: https://h, \(line.output)}]", file: "i.yaml",
            providers: ["redfish"])
        return inventory.devices[0].tls
    }

    @Test("that nobody vouches for is told with the line that makes it accepted")
    func advice() async throws {
        try await withRacks { racks in
            let bmc = racks[0].bmcs[0]
            let error = await failure(device(racks[0], .system))
            #expect(error?.kind == .untrusted)
            #expect(
                error?.message.hasPrefix(
                    "look refused: GET /redfish/v1/: SSL certificate problem: unable to get local "
                        + "issuer certificate: the certificate can't be verified; if it is the "
                        + "BMC's, add to the device: tls: {fingerprint: \"sha256:") == true)
            #expect(bmc.statistics.requests == 0)
            #expect(bmc.statistics.connections == 2)
            let inspection = await #expect(throws: ProviderError.self) {
                try await provider.inspect(device(racks[0], .system))
            }
            #expect(
                inspection?.message
                    == error?.message.replacing("look refused", with: "inspection refused"))
            let trust = try trust(from: error?.message)
            _ = try await provider.observe(device(racks[0], trust))
        }
    }

    @Test("that has changed is told with both fingerprints and sends no password")
    func changed() async throws {
        try await withRacks(2) { racks in
            let old = try await trust(from: failure(device(racks[0], .system))?.message)
            let error = await failure(device(racks[1], old))
            let new = try trust(from: error?.message)
            guard case .fingerprint(let expected) = old, case .fingerprint(let found) = new else {
                return #expect(Bool(false))
            }
            #expect(expected != found)
            #expect(
                error?.message
                    == "look refused: GET /redfish/v1/: the server's certificate is not the pinned "
                    + "one: expected \(expected), found \(found); if the BMC got a new "
                    + "certificate, put it into the inventory: tls: {fingerprint: \"\(found)\"}")
            #expect(racks[1].bmcs[0].statistics.requests == 0)
            _ = try await provider.observe(device(racks[1], new))
        }
    }

    @Test("that is not verified is warned of once a device")
    func insecure() async throws {
        let warnings = Warnings()
        let provider = RedfishProvider(
            http: HTTPClient(), logger: Logger(label: "test") { _ in warnings })
        try await withRacks { racks in
            let devices = ["d1", "d2"].map { device(racks[0], .insecure, name: $0) }
            for device in devices + devices { _ = try await provider.observe(device) }
            #expect(warnings.devices == ["d1", "d2"])
            await provider.forget(devices[0])
            _ = try await provider.observe(devices[0])
            #expect(warnings.devices == ["d1", "d2", "d1"])
        }
    }
}

/// Notes of which devices a warning was logged.
private final class Warnings: LogHandler {
    private let noted = Mutex<[String]>([])

    var devices: [String] { noted.withLock { $0 } }

    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .warning }
        set {}
    }
    subscript(metadataKey _: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        noted.withLock { $0.append(event.metadata?["device"].map { "\($0)" } ?? "none") }
    }
}
