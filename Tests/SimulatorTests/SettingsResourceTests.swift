import Core
import Simulator
import Testing

@Suite("Boot overrides in a settings resource", .timeLimit(.minutes(5)))
struct SettingsResourceTests {
    private let once: JSON = [
        "Boot": ["BootSourceOverrideEnabled": "Once", "BootSourceOverrideTarget": "Pxe"]
    ]

    @Test(
        "where a recording sets it there, that is where it is set",
        arguments: [("idrac10-style", "Settings"), ("ami-megarac-style", "SD")])
    func pending(name: String, settings: String) async throws {
        let fixture = try Fixture(folder: Recordings.folder(of: name))
        try await withRack(1, { $0.fixtures = [fixture] }) { rack in
            let bmc = rack.bmcs[0]
            let client = try await TestClient(to: bmc.url)
            #expect(bmc.systems.count == 1, "a template among the members is no system")
            let system = bmc.systems[0]
            #expect(try await client.patch(system.path, once).status == 400)
            let place = system.path + "/" + settings
            #expect(try await client.patch(place, once).status == 200)
            let pending = try await client.get(place).json["Boot"]
            #expect(pending?["BootSourceOverrideTarget"] == "Pxe")
            let shown = try await client.get(system.path).json["Boot"]
            #expect(shown?["BootSourceOverrideTarget"] == "None")
            #expect(try await client.reset(system.path, "On").status == 204)
            try await system.waitForPower(.on)
            #expect(system.bootsFrom == ["Pxe"])
            let after = try await client.get(place).json["Boot"]
            #expect(after?["BootSourceOverrideEnabled"] == "Disabled")
        }
    }

    @Test("settings that show no override leave it in the system")
    func others() async throws {
        let fixture = try Fixture(folder: Recordings.folder(of: "idrac9-r640-style"))
        try await withRack(1, { $0.fixtures = [fixture] }) { rack in
            let client = try await TestClient(to: rack.bmcs[0].url)
            let path = rack.bmcs[0].systems[0].path
            #expect(try await client.patch(path, once).status == 200)
            let boot = try await client.get(path).json["Boot"]
            #expect(boot?["BootSourceOverrideTarget"] == "Pxe")
        }
    }
}
