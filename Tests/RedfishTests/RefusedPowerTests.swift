import Core
import HTTPClient
import Locking
import Logging
import Redfish
import TestServer
import Testing

@Suite("A power command that is refused", .timeLimit(.minutes(5)))
struct RefusedPowerTests {
    private let provider = RedfishProvider(
        http: HTTPClient(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        time: QuickTime())

    private static let already: [(Int, String, String)] = [
        (409, "IDRAC.1.6.PSU501", "Server is already powered ON."),
        (400, "iLO.2.14.InvalidOperationForSystemState", "Power is on."),
        (400, "Base.1.8.ResourceInUse", "The resource is in use."),
        (400, "Base.1.8.NoOperation", "Nothing to do."),
        (304, "Base.1.8.NoOperation", ""),
    ]

    @Test("as needless is done once the BMC shows so", arguments: already)
    func needless(status: Int, messageID: String, message: String) async throws {
        let looks = Mutex(0)
        let resources = Rack.oneSystem([
            "PowerState": "Off", "Actions": Rack.actions(["On", "ForceOff"]),
        ])
        let service = try FakeService(resources) { request, store in
            if request.method == "POST" {
                return status == 304
                    ? .answer(304) : .refusal(status: status, messageID, message)
            }
            // The former state is shown for some looks more.
            if request.path == Rack.system,
                looks.withLock({
                    $0 += 1; return $0
                }) > 4
            {
                store[Rack.system] = store[Rack.system]?.setting(["PowerState": "On"])
            }
            return nil
        }
        defer { service.server.stop() }
        try await provider.setPower(.on, of: service.device())
        #expect(service.bodies("POST").count == 1)
    }

    @Test("as needless is an error if the BMC goes on to show the contrary")
    func notSo() async throws {
        let resources = Rack.oneSystem([
            "PowerState": "Off", "Actions": Rack.actions(["On", "ForceOff"]),
        ])
        let service = try FakeService(resources) { request, _ in
            request.method == "POST"
                ? .refusal(status: 409, "IDRAC.1.6.PSU501", "Server is already powered ON.") : nil
        }
        defer { service.server.stop() }
        let error = await #expect(throws: ProviderError.self) {
            try await provider.setPower(.on, of: service.device())
        }
        #expect(error?.kind == .refused)
        #expect(service.bodies("POST").count > 2, "again for a minute, between looks")
    }

    @Test("in the middle of another change may be tried again")
    func inTransition() async throws {
        let resources = Rack.oneSystem([
            "PowerState": "PoweringOff", "Actions": Rack.actions(["On", "ForceOff"]),
        ])
        let service = try FakeService(resources) { request, _ in
            request.method == "POST"
                ? .refusal(status: 409, "Base.1.8.ResourceInUse", "In transition.") : nil
        }
        defer { service.server.stop() }
        let error = await #expect(throws: ProviderError.self) {
            try await provider.setPower(.on, of: service.device())
        }
        #expect(error?.kind == .busy)
    }

    @Test("though the type is listed gives way to the next that would do")
    func nextType() async throws {
        let table: [(PowerCommand, PowerState, JSON, [JSON])] = [
            (
                .on, .off, ["On", "ForceOn", "PushPowerButton"],
                ["On", "ForceOn", "PushPowerButton"]
            ),
            (.gracefulOff, .on, ["GracefulShutdown", "Off"], ["GracefulShutdown", "Off"]),
            (.gracefulOff, .on, ["GracefulShutdown", "ForceOff"], ["GracefulShutdown"]),
            (.forceOff, .on, ["ForceOff", "PushPowerButton"], ["ForceOff"]),
        ]
        for (command, state, allowed, sent) in table {
            let resources = Rack.oneSystem([
                "PowerState": .string(state.rawValue), "Actions": Rack.actions(allowed),
            ])
            let service = try FakeService(resources) { request, _ in
                request.method == "POST"
                    ? .refusal("Base.1.8.ActionParameterNotSupported", "Not this.") : nil
            }
            defer { service.server.stop() }
            let error = await #expect(throws: ProviderError.self) {
                try await provider.setPower(command, of: service.device())
            }
            #expect(error?.kind == .refused)
            #expect(service.bodies("POST") == sent.map { ["ResetType": $0] })
        }
    }

    @Test("presses no button once the state has changed")
    func button() async throws {
        let resources = Rack.oneSystem([
            "PowerState": "Off", "Actions": Rack.actions(["On", "PushPowerButton"]),
        ])
        let service = try FakeService(resources) { request, store in
            guard request.method == "POST" else { return nil }
            store[Rack.system] = store[Rack.system]?.setting(["PowerState": nil])
            return .refusal("Base.1.8.ActionParameterNotSupported", "Not this.")
        }
        defer { service.server.stop() }
        await #expect(throws: ProviderError.self) {
            try await provider.setPower(.on, of: service.device())
        }
        #expect(service.bodies("POST") == [["ResetType": "On"]])
    }

    @Test("finds its types however they are listed")
    func shapes() async throws {
        for allowed in ["ForceOn" as JSON, "forceon", "ForceOn, ForceOff", ["FORCEON"]] {
            let resources = Rack.oneSystem([
                "PowerState": "Off", "Actions": Rack.actions(allowed),
            ])
            let service = try FakeService(resources) { request, _ in
                request.method == "POST" ? .answer(204) : nil
            }
            defer { service.server.stop() }
            try await provider.setPower(.on, of: service.device())
            let sent = service.bodies("POST").first??["ResetType"]?.string
            #expect(sent?.lowercased() == "forceon")
        }
    }
}
