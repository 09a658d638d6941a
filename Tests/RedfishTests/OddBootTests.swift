import Core
import HTTPClient
import Locking
import Redfish
import Simulator
import TestServer
import Testing

@Suite("A boot override that is hard to believe", .timeLimit(.minutes(5)))
struct OddBootTests {
    private static let boot: JSON = [
        "BootSourceOverrideEnabled": "Disabled", "BootSourceOverrideTarget": "None",
    ]

    private func provider() -> RedfishProvider {
        RedfishProvider(http: HTTPClient(), logger: Rack.silent, time: QuickTime())
    }

    private static func resources(_ boot: JSON = boot) -> [String: JSON] {
        Rack.oneSystem([
            "PowerState": "Off", "Boot": boot,
            "Actions": Rack.actions(["On", "ForceOff", "ForceRestart"]),
        ])
    }

    /// How a change is answered that is carried out, and at which look after it it shows.
    private static let answers: [(TestReply, Int)] = [
        (.close, 0), (.close, 3), (.answer(500), 3), (.answer(502), 0), (.answer(405), 2),
        (.refusal("Base.1.8.GeneralError", "A general error has occurred."), 3),
    ]

    @Test(
        "is set where it shows, whatever was answered, at once or some seconds later",
        arguments: answers.indices)
    func late(index: Int) async throws {
        let (reply, looks) = Self.answers[index]
        let pending = Mutex<(change: TestRequest?, looks: Int)>((nil, looks))
        let service = try FakeService(Self.resources()) { request, store in
            if request.method == "PATCH" {
                pending.withLock { $0.change = $0.change ?? request }
                if looks == 0 { _ = store.answer(request) }
                return reply
            }
            guard request.path == Rack.system else { return nil }
            let due = pending.withLock { pending -> TestRequest? in
                guard let change = pending.change else { return nil }
                pending.looks -= 1
                return pending.looks == 0 ? change : nil
            }
            if let due { _ = store.answer(due) }
            return nil
        }
        defer { service.server.stop() }
        try await provider().setBoot(BootOverride(target: .pxe), of: service.device())
        #expect(service[Rack.system]?["Boot"]?["BootSourceOverrideTarget"] == "Pxe")
        #expect(service.bodies("PATCH").count == 1)
    }

    @Test("that never shows is an error that says that it may have been set")
    func never() async throws {
        let service = try FakeService(Self.resources()) { request, _ in
            request.method == "PATCH" ? .close : nil
        }
        defer { service.server.stop() }
        let error = await #expect(throws: ProviderError.self) {
            try await provider().setBoot(BootOverride(target: .pxe), of: service.device())
        }
        #expect(error?.kind == .unreachable)
        #expect(error?.mayHaveActed == true)
    }

    @Test("that is to last is set for one boot after the other where the BMC refuses one that does")
    func refusedContinuous() async throws {
        for values in [nil, ["Disabled", "Once", "Continuous"]] as [JSON] {
            var boot = Self.boot
            if !values.isNull {
                boot = boot.setting(["BootSourceOverrideEnabled@Redfish.AllowableValues": values])
            }
            let service = try FakeService(Self.resources(boot)) { request, _ in
                request.method == "PATCH" && request.text.contains("Continuous")
                    ? .refusal("Base.1.8.PropertyValueNotInList", "Continuous is not in the list.")
                    : nil
            }
            defer { service.server.stop() }
            let provider = provider()
            let device = service.device()
            try await provider.setBoot(BootOverride(target: .pxe, once: false), of: device)
            for command in [PowerCommand.on, .reset] {
                // The boot has used it up.
                service[Rack.system] = service[Rack.system]?.setting(["Boot": boot])
                try await provider.setPower(command, of: device)
                let shown = service[Rack.system]?["Boot"]
                #expect(shown?["BootSourceOverrideTarget"] == "Pxe", "\(command)")
                #expect(shown?["BootSourceOverrideEnabled"] == "Once")
            }
        }
    }

    @Test("is set and cleared in a place that a refusal alone names, and read back there")
    func futureState() async throws {
        for place in [Rack.system + "/SD", "/redfish/v1/Oem/Ami/FutureState"] {
            var resources = Self.resources()
            resources[place] = ["@odata.id": .string(place), "Id": "SD", "Boot": Self.boot]
            let refusal: JSON = [
                "error": [
                    "code": "Base.1.8.GeneralError",
                    "@Message.ExtendedInfo": [
                        [
                            "MessageId": "Ami.1.0.OperationSupportedInFutureStateURI",
                            "Message": "The operation is supported in the future state URI.",
                            "MessageArgs": [.string(place)],
                        ]
                    ],
                ]
            ]
            let service = try FakeService(resources) { request, _ in
                request.method == "PATCH" && request.path == Rack.system
                    ? .answer(400, bytes: refusal.encoded()) : nil
            }
            defer { service.server.stop() }
            let provider = provider()
            try await provider.setBoot(BootOverride(target: .pxe), of: service.device())
            #expect(service[place]?["Boot"]?["BootSourceOverrideTarget"] == "Pxe")
            try await provider.clearBoot(of: service.device())
            #expect(service[place]?["Boot"]?["BootSourceOverrideEnabled"] == "Disabled")
        }
    }

    @Test("that is to last is set anew before a reset, too, where the BMC offers none that lasts")
    func reset() async throws {
        try await DialectRig.run([.bootOnceOnly]) { rig in
            try await rig.provider.setBoot(
                BootOverride(target: .pxe, once: false), of: rig.device)
            for command in [PowerCommand.on, .reset, .reset] {
                try await rig.provider.setPower(command, of: rig.device)
                _ = try await rig.looks(until: .on)
            }
            #expect(rig.system.bootsFrom == ["Pxe", "Pxe", "Pxe"])
        }
    }
}
