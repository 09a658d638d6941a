import Core
import Redfish
import TestServer
import Testing

@Suite("Capabilities among the systems", .timeLimit(.minutes(5)))
struct CapabilitiesTests {
    @Test("the template of a system, of the type of one, is passed over")
    func template() async throws {
        let service = try FakeService(
            Rack.service([
                "/redfish/v1/Systems/Capabilities": [
                    "@odata.type": "#ComputerSystem.v1_8_0.ComputerSystem", "Id": "Capabilities",
                    "Name": "Capabilities for the Zone", "Name@Redfish.RequiredOnCreate": true,
                ],
                "/redfish/v1/Systems/Self": Rack.computer("Self"),
            ]))
        defer { service.server.stop() }
        let provider = Rack.provider()
        #expect(try await provider.observe(service.device()).power == .on)
        #expect(service.lines().last == "GET /redfish/v1/Systems/Self")
    }
}
