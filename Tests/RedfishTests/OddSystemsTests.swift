import Core
import Redfish
import TestServer
import Testing

@Suite("One BMC with many systems", .timeLimit(.minutes(5)))
struct OddSystemsTests {
    private let provider = Rack.provider()
    private static let folder = "/redfish/v1/Systems/"

    private func look(
        _ systems: [String: JSON], system: String? = nil
    ) async throws -> Result<PowerState, ProviderError> {
        var resources: [String: JSON] = [:]
        for (id, resource) in systems { resources[Self.folder + id] = resource }
        let service = try FakeService(Rack.service(resources))
        defer { service.server.stop() }
        do throws(ProviderError) {
            return .success(try await provider.observe(service.device(system: system)).power)
        } catch {
            return .failure(error)
        }
    }

    private func host(_ id: String, _ members: JSONObject = [:]) -> JSON {
        Rack.computer(id, ["PowerState": "Off"]).setting(members)
    }

    private func other(_ id: String, _ members: JSONObject = [:]) -> JSON {
        Rack.computer(id, ["PowerState": "On"]).setting(members)
    }

    @Test("is the server if the others are no servers")
    func beside() async throws {
        let beside: [String: JSON] = [
            "HGX_Baseboard_0": other("HGX_Baseboard_0", ["SystemType": "Physical"]),
            "Bluefield": other("Bluefield"), "DPU0": other("DPU0"),
            "x": other("x", ["SystemType": "DPU"]), "y": other("y", ["SystemType": "Virtual"]),
        ]
        for (id, system) in beside {
            let looked = try await look(["System_0": host("System_0"), id: system])
            #expect(try looked.get() == .off, "\(id)")
        }
    }

    @Test("is refused if two may be the server, or none")
    func ambiguous() async throws {
        let two = try await look(["a": host("a"), "b": host("b"), "DPU": other("DPU")])
        let none = try await look(["DPU1": other("DPU1"), "DPU2": other("DPU2")])
        for looked in [two, none] {
            guard case .failure(let error) = looked else {
                Issue.record("one was chosen")
                continue
            }
            #expect(error.message.contains("the inventory names none; it has: "))
        }
    }

    @Test("is not its DPU while the server itself is not there")
    func gone() async throws {
        var resources = Rack.service([
            Self.folder + "1": host("1"), Self.folder + "DPU": other("DPU"),
        ])
        resources[Self.folder + "1"] = nil
        let service = try FakeService(resources)
        defer { service.server.stop() }
        let error = await #expect(throws: ProviderError.self) {
            try await provider.observe(service.device())
        }
        #expect(
            error?.message.hasSuffix("the one that can be read is no server: DPU (System)")
                == true)
    }

    @Test("lists no settings resource as a system")
    func settings() async throws {
        let settings = Self.folder + "Self/SD"
        let looked = try await look([
            "Self": host(
                "Self",
                ["@Redfish.Settings": ["SettingsObject": ["@odata.id": .string(settings)]]]),
            "Self/SD": other("SD"),
        ])
        #expect(try looked.get() == .off)
    }

    @Test("is found by an Id of any signs", arguments: ["Node 0", "Nodé/0", "节点0", "a%b"])
    func signs(id: String) async throws {
        let looked = try await look(["left": host(id), "right": other("right")], system: id)
        #expect(try looked.get() == .off)
    }
}
