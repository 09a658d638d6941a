import Core
import HTTPClient
import Logging
import TestServer
import Testing

@testable import Redfish

@Suite("Switching", .timeLimit(.minutes(5)))
struct PowerTests {
    private let provider = RedfishProvider(
        http: HTTPClient(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        time: QuickTime())

    private func service(_ state: PowerState, _ allowed: JSON?) throws -> FakeService {
        let power = state == .unknown ? JSON.null : .string(state.rawValue)
        return try FakeService(
            Rack.oneSystem(["PowerState": power, "Actions": Rack.actions(allowed)]))
    }

    private static let sent: [(PowerCommand, PowerState, JSON?, String)] = [
        (.on, .off, ["ForceOn", "On"], "On"),
        (.on, .off, ["ForceOff", "ForceOn", "PushPowerButton"], "ForceOn"),
        (.on, .off, ["ForceOff", "PushPowerButton"], "PushPowerButton"),
        (.on, .off, nil, "On"),
        (.on, .off, [], "On"),
        (.on, .unknown, ["On"], "On"),
        (.on, .poweringOff, ["On"], "On"),
        (.gracefulOff, .on, ["ForceOff", "GracefulShutdown"], "GracefulShutdown"),
        (.gracefulOff, .on, ["ForceOff", "PushPowerButton"], "PushPowerButton"),
        (.gracefulOff, .on, ["ForceOff", "Off"], "Off"),
        (.gracefulOff, .unknown, nil, "GracefulShutdown"),
        (.forceOff, .on, ["on", "forceoff"], "forceoff"),
        (.forceOff, .poweringOff, ["ForceOff"], "ForceOff"),
        (.forceOff, .unknown, nil, "ForceOff"),
        (.cycle, .on, ["ForceRestart", "FullPowerCycle", "PowerCycle"], "PowerCycle"),
        (.cycle, .unknown, nil, "PowerCycle"),
        (.reset, .on, ["GracefulRestart", "PowerCycle", "ForceRestart"], "ForceRestart"),
        (.reset, .poweringOn, nil, "ForceRestart"),
    ]

    @Test("sends the reset type that fits best among those allowed", arguments: sent)
    func chooses(
        command: PowerCommand, state: PowerState, allowed: JSON?, expected: String
    ) async throws {
        let service = try service(state, allowed)
        defer { service.server.stop() }
        try await provider.setPower(command, of: service.device())
        #expect(service.bodies("POST") == [["ResetType": .string(expected)]])
        #expect(service.server.log.requests.last?.path == Rack.reset)
    }

    private static let refused: [(PowerCommand, PowerState, JSON, String)] = [
        (
            .on, .unknown, ["ForceOff", "PushPowerButton"],
            "power on refused: the BMC offers none of On, ForceOn; "
                + "it allows: ForceOff, PushPowerButton"
        ),
        (
            .gracefulOff, .on, ["On", "ForceOff"],
            "graceful power off refused: the BMC offers none of GracefulShutdown, Off, "
                + "PushPowerButton; it allows: On, ForceOff"
        ),
        (
            .gracefulOff, .poweringOn, ["PushPowerButton"],
            "graceful power off refused: the BMC offers none of GracefulShutdown, Off; "
                + "it allows: PushPowerButton"
        ),
        (
            .forceOff, .on, ["On", "GracefulShutdown"],
            "forced power off refused: the BMC offers none of ForceOff; "
                + "it allows: On, GracefulShutdown"
        ),
        (
            .cycle, .on, ["On", "ForceOff", "FullPowerCycle"],
            "power cycle refused: the BMC offers none of PowerCycle; "
                + "it allows: On, ForceOff, FullPowerCycle"
        ),
        (
            .reset, .on, ["On", "GracefulRestart"],
            "reset refused: the BMC offers none of ForceRestart; it allows: On, GracefulRestart"
        ),
        (.cycle, .off, ["PowerCycle"], "power cycle refused: the device is Off"),
        (.reset, .poweringOff, ["ForceRestart"], "reset refused: the device is PoweringOff"),
    ]

    @Test("refuses, with what is allowed, if nothing fits", arguments: refused)
    func refuses(
        command: PowerCommand, state: PowerState, allowed: JSON, message: String
    ) async throws {
        let service = try service(state, allowed)
        defer { service.server.stop() }
        let error = await #expect(throws: ProviderError.self) {
            try await provider.setPower(command, of: service.device())
        }
        #expect(error?.kind == .refused)
        #expect(error?.message == message)
        #expect(service.bodies("POST").isEmpty)
    }

    @Test("a BMC that can't cycle the power says so, so that it can be made of other commands")
    func incapable() async throws {
        let service = try service(.on, ["On", "ForceOff"])
        defer { service.server.stop() }
        for command in [PowerCommand.cycle, .reset] {
            let error = await #expect(throws: ProviderError.self) {
                try await provider.setPower(command, of: service.device())
            }
            #expect(error?.isIncapable == true)
        }
    }

    private static let fulfilled: [(PowerCommand, PowerState)] = [
        (.on, .on), (.on, .poweringOn), (.gracefulOff, .off), (.gracefulOff, .poweringOff),
        (.forceOff, .off),
    ]

    @Test(
        "asks a device that is there already for what it does not list, and presses no button",
        arguments: fulfilled, [["PushPowerButton"], ["On", "ForceOff"], ["On"], ["ForceOff"]])
    func unlisted(
        _ row: (command: PowerCommand, state: PowerState), allowed: [String]
    ) async throws {
        let service = try service(row.state, .array(allowed.map(JSON.string)))
        defer { service.server.stop() }
        try await provider.setPower(row.command, of: service.device())
        #expect(
            service.bodies("POST") == [["ResetType": .string(row.command.resetTypes[0])]])
    }

    @Test(
        "is sent to a device that is there already, whose refusal is no error", arguments: fulfilled
    )
    func sentAnyway(command: PowerCommand, state: PowerState) async throws {
        for status in [204, 304, 400, 403, 409, 500] {
            let resources = Rack.oneSystem([
                "PowerState": .string(state.rawValue), "Actions": Rack.actions(nil),
            ])
            let service = try FakeService(resources) { request, _ in
                guard request.method == "POST" else { return nil }
                return status < 400
                    ? .answer(status) : .refusal(status: status, "Base.1.8.GeneralError", "No.")
            }
            defer { service.server.stop() }
            try await provider.setPower(command, of: service.device())
            #expect(service.bodies("POST").count == 1)
        }
    }

    @Test(
        "may have been done after any 5xx and after 408, and not after a refusal",
        arguments: [
            (400, false), (403, false), (404, false), (405, false), (409, false), (412, false),
            (429, false), (408, true), (500, true), (501, true), (502, true), (503, true),
            (504, true), (507, true),
        ])
    func mayHaveActed(status: Int, expected: Bool) async throws {
        let resources = Rack.oneSystem([
            "PowerState": "Off", "Actions": Rack.actions(["On", "ForceOff"]),
        ])
        let service = try FakeService(resources) { request, _ in
            request.method == "POST"
                ? .refusal(status: status, "Base.1.8.GeneralError", "No.") : nil
        }
        defer { service.server.stop() }
        let error = await #expect(throws: ProviderError.self) {
            try await provider.setPower(.on, of: service.device())
        }
        #expect(error?.mayHaveActed == expected)
    }

    @Test("whose task fails, whatever it says, may have been done")
    func failedTask() async throws {
        let answers: [TestReply] = [
            .answer(202, #"{"TaskState": "Exception"}"#, headers: ["Location": "/monitor"]),
            .answer(200, #"{"TaskState": "Killed"}"#), .answer(500), .answer(400),
        ]
        for (index, answer) in answers.enumerated() {
            let resources = Rack.oneSystem([
                "PowerState": "Off", "Actions": Rack.actions(["On", "ForceOff"]),
            ])
            let service = try FakeService(resources) { request, _ in
                if request.path == "/monitor" { return answer }
                guard request.method == "POST" else { return nil }
                return index == 0 ? answer : .answer(202, headers: ["Location": "/monitor"])
            }
            defer { service.server.stop() }
            let error = await #expect(throws: ProviderError.self) {
                try await provider.setPower(.on, of: service.device())
            }
            #expect(error?.mayHaveActed == true, "\(index)")
        }
    }

    @Test("reads what ActionInfo allows, once")
    func actionInfo() async throws {
        var resources = Rack.oneSystem()
        let info = Rack.system + "/ResetActionInfo"
        resources[info] = [
            "Parameters": [
                ["Name": "Other", "AllowableValues": ["On"]],
                ["Name": "ResetType", "AllowableValues": ["ForceOn", "ForceOff"]],
            ]
        ]
        resources[Rack.system] = Rack.computer(
            "1",
            [
                "Actions": [
                    "#ComputerSystem.Reset": [
                        "target": .string(Rack.reset), "@Redfish.ActionInfo": .string(info),
                    ]
                ]
            ])
        let service = try FakeService(resources) { request, store in
            guard request.method == "POST" else { return nil }
            let isOn = store[Rack.system]?["PowerState"] == "On"
            store[Rack.system] = store[Rack.system]?.setting(["PowerState": isOn ? "Off" : "On"])
            return .answer(202, ##"{"@odata.type": "#Task.v1_0_0.Task"}"##)
        }
        defer { service.server.stop() }
        for command in [PowerCommand.forceOff, .on, .forceOff] {
            try await provider.setPower(command, of: service.device())
        }
        #expect(
            service.bodies("POST") == ["ForceOff", "ForceOn", "ForceOff"].map { ["ResetType": $0] })
        #expect(service.lines().count { $0 == "GET \(info)" } == 1)
    }

    @Test("sends the standard's type if ActionInfo is not there")
    func missingActionInfo() async throws {
        let service = try FakeService(
            Rack.oneSystem([
                "Actions": ["#ComputerSystem.Reset": ["@Redfish.ActionInfo": "/redfish/v1/none"]]
            ]))
        defer { service.server.stop() }
        try await provider.setPower(.forceOff, of: service.device())
        #expect(service.bodies("POST") == [["ResetType": "ForceOff"]])
        #expect(service.server.log.requests.last?.path == Rack.reset)
    }

    @Test("is refused by a system without a reset action")
    func noAction() async throws {
        let service = try FakeService(Rack.oneSystem())
        defer { service.server.stop() }
        let error = await #expect(throws: ProviderError.self) {
            try await provider.setPower(.forceOff, of: service.device())
        }
        #expect(error?.message == "forced power off refused: the system shows no reset action")
    }

    @Test(
        "is done if the BMC refuses but the device has got there meanwhile",
        arguments: [400, 403, 409, 500])
    func alreadyThere(status: Int) async throws {
        let resources = Rack.oneSystem([
            "PowerState": "Off", "Actions": Rack.actions(["On", "ForceOff"]),
        ])
        let service = try FakeService(resources) { request, store in
            guard request.method == "POST" else { return nil }
            store[Rack.system] = store[Rack.system]?.setting(["PowerState": "On"])
            return .refusal(
                status: status, "iLO.2.14.InvalidOperationForSystemState", "Already on.")
        }
        defer { service.server.stop() }
        try await provider.setPower(.on, of: service.device())
        #expect(service.bodies("POST").count == 1)
    }

    @Test("refused by the BMC says what it said and what it allows")
    func refusal() async throws {
        let resources = Rack.oneSystem([
            "PowerState": "Off", "Actions": Rack.actions(["On", "ForceOff"]),
        ])
        let service = try FakeService(resources) { request, _ in
            guard request.method == "POST" else { return nil }
            return .refusal("Base.1.8.ActionParameterNotSupported", "Not now.")
        }
        defer { service.server.stop() }
        let error = await #expect(throws: ProviderError.self) {
            try await provider.setPower(.on, of: service.device())
        }
        #expect(error?.kind == .refused)
        #expect(error?.mayHaveActed == false)
        #expect(
            error?.message == "power on refused: 400 Base.1.8.ActionParameterNotSupported: Not now."
                + "; it allows: On, ForceOff")
    }

    @Test("whose answer is lost is sent once and may have been done")
    func lostAnswer() async throws {
        let resources = Rack.oneSystem(["Actions": Rack.actions(["ForceOff"])])
        let service = try FakeService(resources) { request, _ in
            request.method == "POST" ? .close : nil
        }
        defer { service.server.stop() }
        let error = await #expect(throws: ProviderError.self) {
            try await provider.setPower(.forceOff, of: service.device())
        }
        #expect(error?.kind == .unreachable)
        #expect(error?.mayHaveActed == true)
        #expect(service.bodies("POST").count == 1)
    }

    @Test("whose answer does not come in time may have been done")
    func slowAnswer() async throws {
        let resources = Rack.oneSystem(["Actions": Rack.actions(["ForceOff"])])
        let service = try FakeService(resources) { request, _ in
            request.method == "POST" ? .hold : nil
        }
        defer { service.server.stop() }
        let provider = Rack.provider(timeouts: RedfishTimeouts(request: .seconds(3)))
        let error = await #expect(throws: ProviderError.self) {
            try await provider.setPower(.forceOff, of: service.device())
        }
        #expect(error?.kind == .unreachable)
        #expect(error?.mayHaveActed == true)
    }

    @Test("which is refused after a failure may have been done")
    func refusedAfterFailure() async throws {
        let resources = Rack.oneSystem(["Actions": Rack.actions(["ForceOff"])])
        let service = try FakeService(resources) { request, store in
            guard request.method == "POST" else { return nil }
            defer { store["/asked"] = [:] }
            return .answer(store["/asked"] == nil ? 503 : 401)
        }
        defer { service.server.stop() }
        let error = await #expect(throws: ProviderError.self) {
            try await provider.setPower(.forceOff, of: service.device())
        }
        #expect(error?.kind == .unauthorised)
        #expect(error?.mayHaveActed == true)
    }

    @Test("a BMC that is not there has not been done")
    func noBMC() async throws {
        let port = try DeafPort()
        let device = Device(name: "d1", bmc: "http://127.0.0.1:\(port.number)")
        let error = await #expect(throws: ProviderError.self) {
            try await provider.setPower(.forceOff, of: device)
        }
        #expect(error?.kind == .unreachable)
        #expect(error?.mayHaveActed == false)
        #expect(error?.message.contains("Connection refused") == true)
    }
}
