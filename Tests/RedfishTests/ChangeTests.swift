import Core
import HTTPClient
import Logging
import Redfish
import TestServer
import Testing

@Suite("A change", .timeLimit(.minutes(5)))
struct ChangeTests {
    private let provider = RedfishProvider(
        http: HTTPClient(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        time: QuickTime())

    private static let boot: JSON = [
        "BootSourceOverrideEnabled": "Disabled", "BootSourceOverrideTarget": "None",
        "BootSourceOverrideMode": "UEFI",
    ]
    private static let pxe: JSON = [
        "BootSourceOverrideEnabled": "Once", "BootSourceOverrideTarget": "Pxe",
        "BootSourceOverrideMode": "UEFI",
    ]
    private static let settings = Rack.system + "/Settings"

    private func setBoot(_ service: FakeService, _ target: BootTarget = .pxe) async throws {
        try await provider.setBoot(BootOverride(target: target), of: service.device())
    }

    private static func withSettings(_ boot: JSON?) -> [String: JSON] {
        var resources = Rack.oneSystem([
            "Boot": Self.boot,
            "@Redfish.Settings": ["SettingsObject": ["@odata.id": .string(settings)]],
        ])
        resources[settings] = boot.map { ["Boot": $0] }
        return resources
    }

    @Test("is sent without a tag to a BMC that takes none", arguments: [400, 405, 412, 428, 501])
    func withoutTag(status: Int) async throws {
        let resources = Rack.oneSystem(["Boot": Self.boot, "@odata.etag": "W/\"7\""])
        let service = try FakeService(resources) { request, _ in
            request.headers["if-match"] == nil
                ? nil : .refusal(status: status, "Base.1.8.HeaderInvalid", "If-Match is no good.")
        }
        defer { service.server.stop() }
        try await setBoot(service)
        #expect(service[Rack.system]?["Boot"] == Self.pxe)
        #expect(service.bodies("PATCH").count <= 3)
    }

    @Test("refused for what it changes is not tried with other tags")
    func refusedProperty() async throws {
        let resources = Rack.oneSystem(["Boot": Self.boot, "@odata.etag": "\"7\""])
        let service = try FakeService(resources) { request, _ in
            request.method == "PATCH"
                ? .refusal("Base.1.8.PropertyNotWritable", "Boot is read-only.") : nil
        }
        defer { service.server.stop() }
        let error = await #expect(throws: ProviderError.self) { try await setBoot(service) }
        #expect(
            error?.message
                == "boot from Pxe refused: 400 Base.1.8.PropertyNotWritable: Boot is read-only.")
        // With the mode and without.
        #expect(service.bodies("PATCH").count == 2)
    }

    @Test("by an action is sent without a tag, and with the system's if the BMC asks for it")
    func action() async throws {
        let resources = Rack.oneSystem([
            "Actions": Rack.actions(["ForceOff"]), "@odata.etag": "\"7\"",
        ])
        for asks in [false, true] {
            let service = try FakeService(resources) { request, _ in
                guard request.method == "POST" else { return nil }
                let isRight = request.headers["if-match"] == (asks ? "\"7\"" : nil)
                return isRight ? nil : .refusal(status: 412, "Base.1.8.PreconditionFailed", "No.")
            }
            defer { service.server.stop() }
            try await provider.setPower(.forceOff, of: service.device())
            #expect(service.bodies("POST").count == (asks ? 2 : 1))
        }
    }

    @Test("of the boot override goes to the settings resource where that shows one")
    func settingsResource() async throws {
        let service = try FakeService(Self.withSettings(Self.boot))
        defer { service.server.stop() }
        try await setBoot(service)
        #expect(service[Self.settings]?["Boot"] == Self.pxe)
        #expect(service[Rack.system]?["Boot"] == Self.boot, "it shows with the next reset")
        try await provider.clearBoot(of: service.device())
        #expect(service[Self.settings]?["Boot"]?["BootSourceOverrideEnabled"] == "Disabled")
    }

    private static let others: [JSON?] = [
        nil, ["BootOrder": ["Boot0000"]], ["BootSourceOverrideMode": nil, "BootOrder": []],
    ]

    @Test("of the boot override goes to the system where that shows none", arguments: others)
    func otherSettings(boot: JSON?) async throws {
        let service = try FakeService(Self.withSettings(boot))
        defer { service.server.stop() }
        try await setBoot(service)
        #expect(service[Rack.system]?["Boot"] == Self.pxe)
    }

    @Test("of the boot override goes to the system if its settings resource refuses it")
    func refusingSettings() async throws {
        let service = try FakeService(Self.withSettings(Self.boot)) { request, _ in
            request.method == "PATCH" && request.path == Self.settings
                ? .refusal("Base.1.8.PropertyNotWritable", "It is read-only.") : nil
        }
        defer { service.server.stop() }
        try await setBoot(service)
        #expect(service[Rack.system]?["Boot"] == Self.pxe)
    }

    @Test("that shows with the next reset is taken at its word")
    func afterReset() async throws {
        let service = try FakeService(Rack.oneSystem(["Boot": Self.boot])) { request, _ in
            guard request.method == "PATCH" else { return nil }
            return .json([
                "@Message.ExtendedInfo": [["MessageId": "iLO.2.14.SystemResetRequired"]]
            ])
        }
        defer { service.server.stop() }
        try await setBoot(service)
        #expect(service.bodies("PATCH").count == 1)
    }

    @Test("whose task does not end is not done yet")
    func endlessTask() async throws {
        for state in ["Running", "Pending"] {
            let service = try FakeService(Rack.oneSystem(["Boot": Self.boot])) { request, _ in
                let task = "/redfish/v1/TaskService/Tasks/1"
                guard request.method == "PATCH" || request.path == task else { return nil }
                let body: JSON = [
                    "@odata.id": .string(task), "@odata.type": "#Task.v1_0_0.Task",
                    "TaskState": .string(state),
                ]
                return .answer(
                    request.method == "PATCH" ? 202 : 200, bytes: body.encoded(),
                    headers: ["Location": task])
            }
            defer { service.server.stop() }
            let error = await #expect(throws: ProviderError.self) { try await setBoot(service) }
            #expect(error?.kind == .busy)
            #expect(error?.mayHaveActed == true)
            #expect(
                error?.message == "boot from Pxe failed: the BMC took the change and has not "
                    + "carried it out yet")
        }
    }

    @Test("of the boot mode is UEFI where that is offered and nothing is set")
    func offeredMode() async throws {
        let boot: JSON = [
            "BootSourceOverrideEnabled": "Disabled",
            "BootSourceOverrideMode@Redfish.AllowableValues": ["Legacy", "Uefi"],
        ]
        let service = try FakeService(Rack.oneSystem(["Boot": boot]))
        defer { service.server.stop() }
        try await setBoot(service)
        #expect(service.bodies("PATCH").first??["Boot"]?["BootSourceOverrideMode"] == "Uefi")
    }

    @Test("to a boot source is written as the BMC writes it")
    func targetNames() async throws {
        let offers: [(BootTarget, [JSON], JSON)] = [
            (.cd, ["Pxe", "CD"], "CD"), (.cd, ["Cd", "UsbCd"], "UsbCd"),
            (.cd, ["CD/DVD", "UsbCd"], "CD/DVD"), (.cd, ["UefiUsbCd"], "UefiUsbCd"),
            (.usb, ["UsbKey"], "UsbKey"), (.uefiHttp, ["UefiHTTP"], "UefiHTTP"),
        ]
        for (target, allowed, written) in offers {
            let boot = Self.boot.setting([
                "BootSourceOverrideTarget@Redfish.AllowableValues": .array(allowed)
            ])
            let service = try FakeService(Rack.oneSystem(["Boot": boot]))
            defer { service.server.stop() }
            try await setBoot(service, target)
            #expect(
                service.bodies("PATCH").first??["Boot"]?["BootSourceOverrideTarget"] == written)
        }
    }

    @Test("that is to last is set for one boot where the BMC offers no other")
    func continuous() async throws {
        let boot = Self.boot.setting([
            "BootSourceOverrideEnabled@Redfish.AllowableValues": ["Disabled", "Once"]
        ])
        let service = try FakeService(Rack.oneSystem(["Boot": boot]))
        defer { service.server.stop() }
        try await provider.setBoot(BootOverride(target: .pxe, once: false), of: service.device())
        #expect(
            service.bodies("PATCH").first??["Boot"]?["BootSourceOverrideEnabled"] == "Once")
    }

    @Test("back to no override takes whatever form the BMC takes")
    func clearing() async throws {
        let bodies: [JSON] = [
            ["BootSourceOverrideEnabled": "Disabled"],
            ["BootSourceOverrideEnabled": "Disabled", "BootSourceOverrideTarget": "Pxe"],
            ["BootSourceOverrideEnabled": "Disabled", "BootSourceOverrideTarget": "None"],
        ]
        for accepted in bodies {
            let boot = Self.pxe.setting([
                "BootSourceOverrideTarget@Redfish.AllowableValues": ["None", "Pxe"]
            ])
            let service = try FakeService(Rack.oneSystem(["Boot": boot])) { request, _ in
                guard request.method == "PATCH",
                    (try? JSON(parsing: request.body))?["Boot"] != accepted
                else { return nil }
                return .refusal("Base.1.8.PropertyValueConflict", "Not so.")
            }
            defer { service.server.stop() }
            try await provider.clearBoot(of: service.device())
            #expect(service[Rack.system]?["Boot"]?["BootSourceOverrideEnabled"] == "Disabled")
        }
    }
}
