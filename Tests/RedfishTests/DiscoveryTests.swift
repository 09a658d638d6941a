import Core
import Redfish
import TestServer
import Testing

@Suite("Finding a system", .timeLimit(.minutes(5)))
struct DiscoveryTests {
    private let provider = Rack.provider()

    private func twoSystems() throws -> FakeService {
        try FakeService(
            Rack.service([
                "/redfish/v1/Systems/a": Rack.computer("Blade0", ["Name": "left"]),
                "/redfish/v1/Systems/b": Rack.computer(
                    "Blade1", ["Name": "right", "PowerState": "Off"]),
            ]))
    }

    @Test(
        "by the last part of its path, its Id or its Name, in any case",
        arguments: ["b", "B", "Blade1", "bLADE1", "right", "RIGHT"])
    func byName(name: String) async throws {
        let service = try twoSystems()
        defer { service.server.stop() }
        let device = service.device(system: name)
        #expect(try await provider.observe(device).power == .off)
    }

    @Test("reads no other system if the path tells")
    func byPath() async throws {
        let service = try twoSystems()
        defer { service.server.stop() }
        _ = try await provider.observe(service.device(system: "b"))
        #expect(
            service.lines() == [
                "GET /redfish/v1/", "GET /redfish/v1/Systems", "GET /redfish/v1/Systems/b",
            ])
    }

    @Test("says which systems there are if none has the name")
    func unknownName() async throws {
        let service = try twoSystems()
        defer { service.server.stop() }
        let error = await #expect(throws: ProviderError.self) {
            try await provider.observe(service.device(system: "c"))
        }
        #expect(error?.kind == .refused)
        #expect(
            error?.message == "look refused: the BMC has no system \"c\"; it has: Blade0 (left), "
                + "Blade1 (right)")
    }

    @Test("refuses a name that two systems share")
    func sharedName() async throws {
        let service = try twoSystems()
        defer { service.server.stop() }
        service["/redfish/v1/Systems/a"] = Rack.computer("Blade0", ["Name": "right"])
        let error = await #expect(throws: ProviderError.self) {
            try await provider.observe(service.device(system: "right"))
        }
        #expect(error?.message.contains("has several \"right\"") == true)
    }

    @Test("follows the pages of a collection, and a circle of pages ends")
    func pages() async throws {
        let service = try twoSystems()
        defer { service.server.stop() }
        service["/redfish/v1/Systems"] = [
            "Members": [["@odata.id": "/redfish/v1/Systems/a"]],
            "Members@odata.nextLink": "/redfish/v1/Systems?$skip=1",
        ]
        service["/redfish/v1/Systems?$skip=1"] = [
            "Members": [["@odata.id": "/redfish/v1/Systems/b"]],
            "Members@odata.nextLink": "/redfish/v1/Systems",
        ]
        #expect(try await provider.observe(service.device(system: "Blade1")).power == .off)
    }

    @Test("passes over members that are gone or are no systems")
    func oddMembers() async throws {
        let service = try twoSystems()
        defer { service.server.stop() }
        service["/redfish/v1/Systems"] = [
            "Members": [
                ["@odata.id": "/redfish/v1/Systems/gone"], ["@odata.id": "/redfish/v1/Systems/b"],
                ["@odata.id": "/redfish/v1/Systems/chassis"], ["@odata.id": 7], [:],
            ]
        ]
        service["/redfish/v1/Systems/chassis"] = [
            "@odata.type": "#Chassis.v1_0_0.Chassis", "Id": "c",
        ]
        #expect(try await provider.observe(service.device()).power == .off)
    }

    @Test("never takes another system for one that cannot be read at the moment")
    func unreadableMember() async throws {
        let resources = Rack.service([
            "/redfish/v1/Systems/a": Rack.computer("a"),
            "/redfish/v1/Systems/b": Rack.computer("b"),
        ])
        let service = try FakeService(resources) { request, _ in
            request.path.hasSuffix("/a") ? .answer(500, "oops") : nil
        }
        defer { service.server.stop() }
        let error = await #expect(throws: ProviderError.self) {
            try await provider.observe(service.device())
        }
        #expect(error?.kind == .malformed)
    }

    @Test("is done again, once, if the system moved")
    func moved() async throws {
        let service = try FakeService(
            Rack.oneSystem(["Actions": Rack.actions(["On", "ForceOff"])]))
        defer { service.server.stop() }
        let device = service.device()
        _ = try await provider.observe(device)
        let path = "/redfish/v1/Systems/new"
        service[path] = service[Rack.system]?.setting(["Id": "new"])
        service[Rack.system] = nil
        service["/redfish/v1/Systems"] = ["Members": [["@odata.id": .string(path)]]]
        _ = try await provider.observe(device)
        #expect(
            service.lines(since: 3) == [
                "GET \(Rack.system)", "GET /redfish/v1/", "GET /redfish/v1/Systems", "GET \(path)",
            ])

        service[path] = nil
        let before = service.lines().count
        let error = await #expect(throws: ProviderError.self) {
            try await provider.observe(device)
        }
        // It was there a moment ago, so the BMC may be starting.
        #expect((5...20).contains(service.lines(since: before).count), "not for ever")
        #expect(error?.kind == .malformed)
        #expect(error?.message == "look failed: the BMC lists no computer system that can be read")
    }

    @Test("is done again if the reset action moved, and the command sent there")
    func movedAction() async throws {
        let service = try FakeService(Rack.oneSystem(["Actions": Rack.actions(["ForceOff"])])) {
            request, _ in
            // The first target is gone by the time that the command comes.
            request.path == Rack.reset ? .missing : nil
        }
        defer { service.server.stop() }
        _ = try await provider.observe(service.device())
        let error = await #expect(throws: ProviderError.self) {
            try await provider.setPower(.forceOff, of: service.device())
        }
        #expect(error?.message.hasPrefix("forced power off refused: 404 ") == true)
        #expect(service.bodies("POST").count == 2)
    }

    @Test("is done again after forget, and after a change of address or credentials")
    func forgotten() async throws {
        let service = try FakeService(Rack.oneSystem())
        defer { service.server.stop() }
        for device in [service.device(), service.device(password: "other")] {
            let before = service.lines().count
            _ = try await provider.observe(device)
            #expect(service.lines(since: before).count == 3)
        }
        await provider.forget(service.device())
        let before = service.lines().count
        _ = try await provider.observe(service.device())
        #expect(service.lines(since: before).count == 3)
    }
}
