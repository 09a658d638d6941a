import Core
import HostileBMC
import Redfish
import TestServer
import Testing

@Suite("A hostile BMC", .timeLimit(.minutes(5)))
struct HostileBMCTests {
    @Test("gets no more room than a good one", arguments: Trick.all)
    func room(_ trick: Trick) async throws {
        let bmc = try HostileBMC(trick)
        defer { bmc.server.stop() }
        let provider = Rack.provider(timeouts: RedfishTimeouts(patience: .zero))
        let device = Device(
            name: "d1", bmc: bmc.url,
            credentials: Credentials(username: "admin", password: Secret("hunter2")))
        switch trick.outcome {
        case .refused(let text):
            let error = await #expect(throws: ProviderError.self) {
                try await provider.observe(device)
            }
            #expect(error?.message.contains(text) == true, "\(error?.message ?? "")")
            #expect((error?.message.utf8.count ?? .max) < 2000)
        case .bounded:
            let observation = try await provider.observe(device)
            #expect(observation.reasons.count <= 32)
            #expect(observation.reasons.allSatisfy { $0.utf8.count <= 400 })
            #expect((observation.identity.serialNumber?.utf8.count ?? 0) <= 200)
            let facts = try await provider.facts(of: device)
            #expect((facts.model?.utf8.count ?? 0) <= 200)
            #expect((facts.serialNumber?.utf8.count ?? 0) <= 200)
        }
        await provider.shutdown()
    }
}
