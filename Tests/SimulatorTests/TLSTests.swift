import Core
import Simulator
import Testing

@Suite("TLS", .timeLimit(.minutes(5)))
struct TLSTests {
    @Test("the rack's authority is enough to trust every BMC, across groups of certificates")
    func trusted() async throws {
        try await withRack(300, { $0.https = true }) { rack in
            #expect(rack.caPEM.hasPrefix("-----BEGIN CERTIFICATE-----"))
            for bmc in [rack.bmcs[0], rack.bmcs[255], rack.bmcs[256], rack.bmcs[299]] {
                #expect(bmc.url.hasPrefix("https://"))
                let client = try await TestClient(to: bmc.url, caPEM: rack.caPEM)
                #expect(try await client.get(systemPath).status == 200)
                #expect(try await client.get(systemPath).status == 200)
                #expect(bmc.statistics.handshakes == 1)
            }
        }
    }

    @Test("another rack's authority is not")
    func untrusted() async throws {
        try await withRack(1, { $0.https = true }) { rack in
            try await withRack(1, { $0.https = true }) { other in
                let client = try await TestClient(to: rack.bmcs[0].url, caPEM: other.caPEM)
                await #expect(throws: (any Error).self) { try await client.get(systemPath) }
                #expect(rack.bmcs[0].statistics.requests == 0)
            }
        }
    }

    @Test("BMCs that share an address share its certificate")
    func onPorts() async throws {
        try await withRack(
            2,
            {
                $0.https = true
                $0.addressing = .ports
            }
        ) { rack in
            for bmc in rack.bmcs {
                #expect(bmc.host == "127.0.0.1")
                let client = try await TestClient(to: bmc.url, caPEM: rack.caPEM)
                #expect(try await client.get(systemPath).status == 200)
            }
        }
    }
}
