import InfraKit
import Core
import Foundation
import HTTPClient
import Logging
import Processes
import Simulator
import Testing

@testable import rackpool

/// One pool over servers that speak Redfish and servers that speak IPMI.
@Suite(.timeLimit(.minutes(5))) struct MixedPoolTests {
    private func names(_ rig: Rig, speaking provider: String) -> Set<String> {
        Set(rig.rack.devices().filter { $0.provider == provider }.map(\.name))
    }

    @Test("every device has the provider that the inventory gives, and no other name has one")
    func providers() async throws {
        let http = HTTPClient()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let providers = Providers(http: http, logger: logger)
        #expect(Set(providers.byName.keys) == Set(Providers.names))
        for name in Providers.names {
            let device = Device(name: "d", provider: name, bmc: "\(name)://10.0.1.7")
            #expect(throws: Never.self) { try providers.provider(of: device) }
        }
        let odd = Device(name: "d", provider: "telnet", bmc: "telnet://10.0.1.7")
        #expect(throws: ProviderError(.refused, "there is no provider telnet")) {
            try providers.provider(of: odd)
        }
        await providers.shutdown()
        http.shutdown()
    }

    @Test("one group takes devices of both kinds, boots them, and gives them back")
    func oneGroup() async throws {
        try await Rig.with(8, protocols: .mixed) { rig in
            #expect(names(rig, speaking: "ipmi").count == 4)
            #expect(names(rig, speaking: "redfish").count == 4)
            let daemon = try await rig.startUnclocked()
            var instances: [String] = []
            for _ in 0..<8 { instances.append(try await rig.provisionPatiently()) }
            let devices = Set(instances.map(Rig.device))
            #expect(devices.count == 8)
            try await rig.waitUntilPoweredOn(devices)
            #expect(Set(try await rig.described()) == Set(instances))
            for instance in instances { try await rig.destroy(instance) }
            try await rig.sync(until: { try await rig.described().isEmpty })
            #expect(rig.poweredOn.isEmpty)
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("an override of the boot source reaches a server over IPMI, and is cleared")
    func boot() async throws {
        try await Rig.with(2, protocols: .mixed) { rig in
            let daemon = try await rig.startUnclocked()
            var instances: [String] = []
            for _ in 0..<2 {
                instances.append(
                    try await rig.provision(["Boot": ["Target": "Pxe", "Once": false]]))
            }
            try await rig.waitUntilPoweredOn(Set(instances.map(Rig.device)))
            for bmc in rig.rack.bmcs {
                #expect(bmc.systems[0].bootsFrom == ["Pxe"])
            }
            for instance in instances { try await rig.destroy(instance) }
            try await rig.sync(until: { try await rig.described().isEmpty })
            for bmc in rig.rack.bmcs {
                #expect(bmc.systems[0].boot?["BootSourceOverrideEnabled"] == "Disabled")
            }
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("a failed server of either kind is replaced", arguments: Fault.allCases)
    func replacement(_ fault: Fault) async throws {
        try await Rig.with(6, protocols: .mixed) { rig in
            let daemon = try await rig.startUnclocked()
            let controller = GroupController(.size(4), client: rig.client)
            #expect(try await controller.tick().provisioned.count == 4)
            let original = try await rig.described()
            let overIPMI = names(rig, speaking: "ipmi")
            let failed = try #require(
                original.first { overIPMI.contains(Rig.device(of: $0)) })
            let bmc = try rig.bmc(of: failed)
            await fault.strike(bmc)
            try await rig.sync(until: { try await !rig.described().contains(failed) })
            #expect(try await controller.tick().provisioned.count == 1)
            try await fault.mend(bmc)
            try await rig.sync(until: { try await rig.described().contains(failed) })
            #expect(try await controller.tick().destroyed.count == 1)
            await daemon.end(with: SIGTERM)
        }
    }
}
