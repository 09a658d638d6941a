import Core
import Redfish
import Simulator
import Testing

@Suite("A service that links in its own way", .timeLimit(.minutes(5)))
struct DiscoveryDialectTests {
    private static let all: [Dialect] = [
        .capabilitiesMember, .dpuBeside, .linksV0, .missingStatus, .rootWithoutSlash,
        .stringNumbers, .trailingSlashes,
    ]

    @Test("has the same system and facts", arguments: all)
    func facts(dialect: Dialect) async throws {
        var plain: Facts?
        try await DialectRig.run([]) { rig in
            plain = try await rig.provider.facts(of: rig.device)
        }
        try await DialectRig.run([dialect]) { rig in
            let look = try await rig.provider.observe(rig.device)
            #expect(look.power == .off && look.health == .ok && look.reasons.isEmpty)
            var facts = try await rig.provider.facts(of: rig.device)
            // The one place where the plain server says it.
            if dialect == .missingStatus { facts.memoryGiB = plain?.memoryGiB }
            #expect(facts == plain)
        }
    }

    @Test("an inspection leaves out what is no server, unless it is asked for by name")
    func besides() async throws {
        try await DialectRig.run([.dpuBeside]) { rig in
            let unnamed = try await rig.provider.inspect(rig.device)
            #expect(unnamed.systems.count == 1)
            #expect(unnamed.problems.contains { $0.path.hasSuffix("HGX_Baseboard_0") })
            let device = rig.device
            let named = Device(
                name: device.name, bmc: device.bmc, system: "HGX_Baseboard_0",
                credentials: device.credentials, tls: device.tls)
            let inspection = try await rig.provider.inspect(named)
            #expect(inspection.systems.map(\.id) == ["HGX_Baseboard_0"])
        }
    }
}
