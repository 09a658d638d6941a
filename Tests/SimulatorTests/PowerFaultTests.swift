import Core
import Simulator
import Testing

@Suite("Power commands that go another way", .timeLimit(.minutes(5)))
struct PowerFaultTests {
    @Test("On may act a while after its answer, and Off is shown until then")
    func late() async throws {
        try await withRack(1, { $0.powerFault = PowerFault(delay: .seconds(3)) }) { rack in
            let system = rack.bmcs[0].systems[0]
            let client = try await TestClient(to: rack.bmcs[0].url)
            #expect(try await client.reset(systemPath, "On").status == 204)
            #expect(try await client.get(systemPath).json["PowerState"] == "Off")
            // A power-off of what is off keeps nothing from coming on.
            #expect(try await client.reset(systemPath, "ForceOff").status == 204)
            try await system.waitForPower(.on)
            #expect(system.resets == ["On"])
        }
    }

    @Test(
        "On may be answered with an error and act all the same, or not",
        arguments: [(500, true), (503, true), (500, false)])
    func failing(status: Int, acts: Bool) async throws {
        let fault = PowerFault(status: status, delay: acts ? .milliseconds(50) : nil)
        try await withRack(1, { $0.powerFault = fault }) { rack in
            let system = rack.bmcs[0].systems[0]
            let client = try await TestClient(to: rack.bmcs[0].url)
            #expect(try await client.reset(systemPath, "On").status == status)
            if acts {
                try await system.waitForPower(.on)
            } else {
                await #expect(throws: SimulatorError.self) {
                    try await system.waitForPower(.on, timeout: .milliseconds(100))
                }
            }
        }
    }

    @Test("On may be taken and come to nothing, the first time")
    func swallowed() async throws {
        try await withRack(1, { $0.dialects = [.swallowedOn] }) { rack in
            let system = rack.bmcs[0].systems[0]
            let client = try await TestClient(to: rack.bmcs[0].url)
            #expect(try await client.reset(systemPath, "On").status == 204)
            #expect(system.power == .off)
            #expect(try await client.reset(systemPath, "On").status == 204)
            try await system.waitForPower(.on)
        }
    }

    @Test("what a stalled BMC was asked for is done when it comes back, its sender gone")
    func stall() async throws {
        try await withRack { rack in
            let bmc = rack.bmcs[0]
            let client = try await TestClient(to: bmc.url)
            #expect(try await client.get(systemPath).status == 200)
            bmc.stall(for: .seconds(3))
            let lost = Task { try await client.reset(systemPath, "On") }
            while bmc.requests.count < 2 { await Task.yield() }
            await client.close()
            await #expect(throws: (any Error).self) { try await lost.value }
            #expect(bmc.systems[0].power == .off)
            try await bmc.systems[0].waitForPower(.on)
        }
    }

    @Test("a BMC that restarts shows Off of what runs, for a while, and has forgotten its sessions")
    func restart() async throws {
        try await withRack(1, { $0.initialPower = .on }) { rack in
            let bmc = rack.bmcs[0]
            bmc.restart(for: .seconds(3))
            let client = try await TestClient(to: bmc.url)
            #expect(try await client.get(systemPath).json["PowerState"] == "Off")
            #expect(bmc.systems[0].power == .on)
            while try await client.get(systemPath).json["PowerState"] != "On" {
                try Task.checkCancellation()
            }
            #expect(bmc.systems[0].resets.isEmpty)
        }
    }

    @Test("machines that are served from one recording have their own tags, UUIDs and numbers")
    func identities() async throws {
        for name in ["idrac9-r640-style", "two-node-tray-style", "idrac10-style"] {
            let fixture = try Fixture(folder: Recordings.folder(of: name))
            try await withRack(3, { $0.fixtures = [fixture] }) { rack in
                var seen: [String] = []
                for bmc in rack.bmcs {
                    let client = try await TestClient(to: bmc.url)
                    let root = try await client.get("/redfish/v1").json
                    seen += [root["UUID"]?.string].compactMap(\.self)
                    for system in bmc.systems {
                        let json = try await client.get(system.path).json
                        let keys = name.hasPrefix("idrac") ? ["SKU"] : []
                        for key in ["UUID", "SerialNumber"] + keys {
                            seen.append(try #require(json[key]?.string))
                        }
                    }
                }
                #expect(Set(seen).count == seen.count, "\(seen)")
            }
        }
    }
}
