import Core
import Foundation
import Simulator
import SystemLimits
import Testing

@Suite("Racks", .timeLimit(.minutes(5)))
struct RackTests {
    @Test("2,000 BMCs start and answer")
    func many() async throws {
        OpenFileLimit.raise()
        try await withRack(2000, { $0.addressing = .addresses }) { rack in
            #expect(Set(rack.bmcs.map(\.url)).count == 2000)
            #expect(Set(rack.bmcs.map(\.port)).count == 1)
            try await withThrowingTaskGroup { group in
                for worker in 0..<50 {
                    group.addTask {
                        for index in stride(from: worker, to: 2000, by: 50) {
                            let client = try await TestClient(to: rack.bmcs[index].url)
                            #expect(try await client.get(systemPath).status == 200)
                            await client.close()
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(rack.bmcs.allSatisfy { $0.statistics.requests == 1 })
        }
    }

    @Test("racks that start side by side don't collide")
    func parallel() async throws {
        try await withThrowingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    try await withRack(20) { rack in
                        for bmc in rack.bmcs {
                            let client = try await TestClient(to: bmc.url)
                            #expect(try await client.get(systemPath).status == 200)
                            #expect(bmc.statistics.connections == 1)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test("a port that is taken at one address is not used at the others")
    func taken() async throws {
        // A given port is used from the first address on. It is taken at the second.
        var port = 0
        try await withRack(2, { $0.addressing = .addresses }) { port = $0.bmcs[0].port }
        let given = port
        let setUp: (inout RackConfiguration) -> Void = {
            $0.addressing = .addresses
            $0.port = given
        }
        try await withRack(2, setUp) { rack in
            await rack.bmcs[0].unplug()
            var configuration = RackConfiguration(count: 2)
            setUp(&configuration)
            let second = try SimulatedRack(configuration)
            await #expect(throws: SimulatorError.self) { try await second.start() }
            // Nothing is left behind: the first address can be had again.
            try await rack.bmcs[0].plugIn()
        }
    }

    @Test("a rack that was shut down can be started again")
    func restart() async throws {
        let rack = try SimulatedRack(RackConfiguration(count: 3))
        for _ in 0..<2 {
            try await rack.start()
            await #expect(throws: SimulatorError.self) { try await rack.start() }
            let client = try await TestClient(to: rack.bmcs[2].url)
            #expect(try await client.get(systemPath).status == 200)
            await rack.shutdown()
            await #expect(throws: (any Error).self) { try await client.get(systemPath) }
        }
    }

    @Test("a rack of a senseless size is refused", arguments: [-1, SimulatedRack.maximumCount + 1])
    func badCount(_ count: Int) {
        #expect(throws: SimulatorError.self) { try SimulatedRack(RackConfiguration(count: count)) }
    }

    @Test("a rack of none starts and lists nothing")
    func empty() async throws {
        try await withRack(0) { rack in
            #expect(rack.devices().isEmpty)
            #expect(rack.inventoryYAML() == "defaults: {provider: redfish}\ndevices: []\n")
        }
    }

    @Test("devices are named after racks of twenty, one for each system")
    func devices() async throws {
        let names = [0, 19, 20, 999].map { SimulatedRack.deviceName($0) }
        #expect(names == ["r1u01", "r1u20", "r2u01", "r50u20"])
        let tray = try Fixture(folder: Recordings.folder(of: "sushy-fake-two-systems"))
        try await withRack(2, { $0.fixtures = [tray] }) { rack in
            let devices = rack.devices(authorityFile: "/ca.pem")
            #expect(devices.map(\.name) == ["r1u01", "r1u02", "r1u03", "r1u04"])
            #expect(devices[1].bmc == rack.bmcs[0].url)
            #expect(devices[1].system == rack.bmcs[0].systems[1].id)
            #expect(devices[2].bmc == rack.bmcs[1].url)
            #expect(devices[0].labels == ["rack": "r1", "sku": "std"])
            #expect(devices[0].tls == .authorities(file: "/ca.pem"))
        }
    }

    @Test("the inventory names the password's file, or else the password")
    func inventory() async throws {
        try await withRack(
            1, { $0.credentials = Credentials(username: "admin", password: Secret(#"a"b"#)) }
        ) { rack in
            let text = rack.inventoryYAML(passwordFile: "/tmp/p w", authorityFile: "/tmp/ca.pem")
            #expect(
                text == """
                    defaults: {provider: redfish, username: "admin", passwordFile: "/tmp/p w", \
                    tls: {ca: "/tmp/ca.pem"}}
                    devices:
                      - {name: r1u01, bmc: "\(rack.bmcs[0].url)", labels: {rack: r1, sku: std}}

                    """)
        }
    }

    @Test("a daemon reads from the inventory the devices that the rack has")
    func inventoryIsRead() async throws {
        let tray = try Fixture(folder: Recordings.folder(of: "sushy-fake-two-systems"))
        try await withRack(
            25,
            {
                $0.fixtures = [tray]
                $0.credentials = Credentials(username: "admin", password: Secret(#"a"b: #c"#))
            }
        ) { rack in
            let inventory = try Inventory(
                parsing: rack.inventoryYAML(), file: "inventory.yaml", providers: ["redfish"])
            #expect(inventory.devices.count == 50)
            #expect(inventory.devices == rack.devices())
        }
    }
}
