import Core
import Foundation
import Simulator
import Testing

/// One group over BMCs of which half speak Redfish alone and half IPMI alone.
@Suite(.enabled(if: InteropPeers.environment != nil, InteropPeers.advice), .timeLimit(.minutes(5)))
struct MixedPoolTests {
    @Test("half Redfish, half IPMI: one group is claimed, described and destroyed over both")
    func group() async throws {
        var configuration = RackConfiguration(count: 8)
        configuration.protocols = .mixed
        configuration.credentials = Credentials(username: "admin", password: Secret("mixed-hush"))
        configuration.initialPower = .off
        let rack = try SimulatedRack(configuration)
        try await rack.start()
        do {
            try await InteropRig.with { rig in
                try await rig.startDaemon(rack.inventoryYAML())
                let ids = try await rig.provision(
                    8, ["Boot": ["Target": "Pxe"], "Grace": "10s"])
                #expect(Set(try await rig.described()) == Set(ids))
                #expect(rack.bmcs.allSatisfy { $0.systems[0].power == .on })
                #expect(rack.bmcs.allSatisfy { $0.systems[0].bootsFrom == ["Pxe"] })

                let doomed = ids.sorted().prefix(4)
                try await rig.destroy(doomed)
                let kept = Set(ids).subtracting(doomed)
                #expect(Set(try await rig.described()) == kept)
                let devices = Set(kept.map(InteropRig.device))
                for bmc in rack.bmcs {
                    let isKept = devices.contains(SimulatedRack.deviceName(bmc.index))
                    #expect(bmc.systems[0].power == (isKept ? .on : .off))
                }
                try await rig.destroy(kept)
                #expect(rack.bmcs.allSatisfy { $0.systems[0].power == .off })
            }
        } catch {
            await rack.shutdown()
            throw error
        }
        await rack.shutdown()
    }
}
