import Core
import Simulator
import Testing

@Suite("Power over HTTP", .timeLimit(.minutes(5)))
struct PowerTests {
    @Test("a system is turned on by way of PoweringOn, and off by way of PoweringOff")
    func cycle() async throws {
        try await withRack { rack in
            let system = rack.bmcs[0].systems[0]
            let client = try await TestClient(to: rack.bmcs[0].url)
            #expect(try await client.get(systemPath).json["PowerState"] == "Off")

            system.setPowerDelay(.seconds(60))
            #expect(try await client.reset(systemPath, "On").status == 204)
            #expect(try await client.get(systemPath).json["PowerState"] == "PoweringOn")
            system.setPowerDelay(.milliseconds(1))
            #expect(try await client.reset(systemPath, "ForceOff").status == 204)
            try await system.waitForPower(.off)

            #expect(try await client.reset(systemPath, "On").status == 204)
            try await system.waitForPower(.on)
            #expect(try await client.get(systemPath).json["PowerState"] == "On")

            system.setPowerDelay(.seconds(60))
            #expect(try await client.reset(systemPath, "ForceOff").status == 204)
            #expect(try await client.get(systemPath).json["PowerState"] == "PoweringOff")
            #expect(system.resets == ["On", "ForceOff", "On", "ForceOff"])
        }
    }

    @Test("an operating system that does not react keeps its machine on until it is forced")
    func graceful() async throws {
        try await withRack(1, { $0.initialPower = .on }) { rack in
            let system = rack.bmcs[0].systems[0]
            let client = try await TestClient(to: rack.bmcs[0].url)
            system.setShutdownDelay(nil)
            #expect(try await client.reset(systemPath, "GracefulShutdown").status == 204)
            await #expect(throws: SimulatorError.self) {
                try await system.waitForPower(.off, timeout: .milliseconds(1))
            }
            #expect(system.power == .on)
            #expect(try await client.reset(systemPath, "ForceOff").status == 204)
            try await system.waitForPower(.off)
        }
    }

    @Test("delays of no length are over before the answer")
    func immediate() async throws {
        try await withRack(1, { $0.powerDelay = .zero }) { rack in
            let client = try await TestClient(to: rack.bmcs[0].url)
            #expect(try await client.reset(systemPath, "On").status == 204)
            #expect(rack.bmcs[0].systems[0].power == .on)
            #expect(rack.bmcs[0].systems[0].bootsFrom == ["None"])
        }
    }

    @Test("a reset without effect is accepted, or refused where the rack is told so")
    func withoutEffect() async throws {
        for refuses in [false, true] {
            try await withRack(1, { $0.dialects = refuses ? [.strictReset] : [] }) { rack in
                let client = try await TestClient(to: rack.bmcs[0].url)
                let answer = try await client.reset(systemPath, "ForceOff")
                #expect(answer.status == (refuses ? 409 : 204))
                #expect(rack.bmcs[0].systems[0].resets.isEmpty)
            }
        }
    }

    @Test("a boot uses up a Once override and is remembered")
    func bootOverride() async throws {
        try await withRack { rack in
            let system = rack.bmcs[0].systems[0]
            let client = try await TestClient(to: rack.bmcs[0].url)
            let answer = try await client.patch(
                systemPath,
                ["Boot": ["BootSourceOverrideEnabled": "Once", "BootSourceOverrideTarget": "Pxe"]])
            #expect(answer.status == 200)
            #expect(answer.json["Boot"]?["BootSourceOverrideTarget"] == "Pxe")
            for _ in 0..<2 {
                #expect(try await client.reset(systemPath, "On").status == 204)
                try await system.waitForPower(.on)
                #expect(try await client.reset(systemPath, "ForceOff").status == 204)
                try await system.waitForPower(.off)
            }
            #expect(system.bootsFrom == ["Pxe", "None"])
            let after = try await client.get(systemPath).json["Boot"]
            #expect(after?["BootSourceOverrideEnabled"] == "Disabled")
        }
    }

    @Test(
        "a reset that makes no sense is refused with a Redfish error",
        arguments: [
            (#"{"ResetType": "Explode"}"#, "ActionParameterNotSupported"),
            (#"{"ResetType": 1}"#, "ActionParameterNotSupported"),
            ("{}", "ActionParameterMissing"), ("{", "MalformedJSON"), ("[]", "MalformedJSON"),
        ])
    func refused(_ body: String, key: String) async throws {
        try await withRack { rack in
            let client = try await TestClient(to: rack.bmcs[0].url)
            let path = systemPath + "/Actions/ComputerSystem.Reset"
            let answer = try await client.send("POST", path, body: body)
            #expect(answer.status == 400)
            #expect(answer.messageID == "Base.1.18.\(key)")
            #expect(rack.bmcs[0].systems[0].power == .off)
        }
    }

    @Test("power that is set by hand stays, and nothing boots")
    func byHand() async throws {
        try await withRack(1, { $0.powerDelay = .seconds(60) }) { rack in
            let system = rack.bmcs[0].systems[0]
            let client = try await TestClient(to: rack.bmcs[0].url)
            #expect(try await client.reset(systemPath, "On").status == 204)
            system.power = .off
            #expect(system.power == .off)
            system.power = .on
            #expect(try await client.get(systemPath).json["PowerState"] == "On")
            #expect(system.bootsFrom.isEmpty)
        }
    }

    @Test("health and its reason are reported")
    func health() async throws {
        try await withRack { rack in
            let client = try await TestClient(to: rack.bmcs[0].url)
            #expect(try await client.get(systemPath).json["Status"]?["Health"] == "OK")
            rack.bmcs[0].systems[0].setHealth(.critical, reason: "PSU 2: input lost")
            let status = try await client.get(systemPath).json["Status"]
            #expect(status?["Health"] == "Critical")
            #expect(status?["HealthRollup"] == "Critical")
            #expect(status?["Conditions"]?[0]?["Message"] == "PSU 2: input lost")
            rack.bmcs[0].systems[0].setHealth(.ok)
            #expect(try await client.get(systemPath).json["Status"]?["Conditions"] == nil)
        }
    }
}
