import Core
import Redfish
import TestServer
import Testing

@Suite("The boot override", .timeLimit(.minutes(5)))
struct BootTests {
    private let provider = Rack.provider()

    private static let allowed: JSON = [
        "BootSourceOverrideEnabled": "Disabled", "BootSourceOverrideTarget": "None",
        "BootSourceOverrideTarget@Redfish.AllowableValues": ["None", "Pxe", "UefiHttp"],
        "BootSourceOverrideMode": "UEFI",
        "BootSourceOverrideMode@Redfish.AllowableValues": ["UEFI"],
    ]

    private func service(_ boot: JSON) throws -> FakeService {
        try FakeService(Rack.oneSystem(["Boot": boot]))
    }

    @Test("is written with the boot file's URI, and with the mode asked for where that differs")
    func everything() async throws {
        let service = try service(
            Self.allowed.setting([
                "BootSourceOverrideMode": "Legacy",
                "BootSourceOverrideMode@Redfish.AllowableValues": ["UEFI", "Legacy"],
            ]))
        defer { service.server.stop() }
        let boot = BootOverride(
            target: .uefiHttp, mode: .uefi, once: false, httpBootURI: "http://10.0.0.1/boot.efi")
        try await provider.setBoot(boot, of: service.device())
        let written: JSON = [
            "BootSourceOverrideEnabled": "Continuous", "BootSourceOverrideTarget": "UefiHttp",
            "BootSourceOverrideMode": "UEFI", "HttpBootUri": "http://10.0.0.1/boot.efi",
        ]
        #expect(service.bodies("PATCH") == [["Boot": written]])
    }

    @Test("takes back the boot file's URI of an earlier override")
    func staleURI() async throws {
        let service = try service(Self.allowed.setting(["HttpBootUri": "http://10.0.0.1/old.efi"]))
        defer { service.server.stop() }
        try await provider.setBoot(BootOverride(target: .uefiHttp), of: service.device())
        #expect(service.bodies("PATCH").first??["Boot"]?["HttpBootUri"] == .null)
    }

    @Test("leaves the mode out where the BMC shows none")
    func noMode() async throws {
        let service = try service(["BootSourceOverrideEnabled": "Disabled"])
        defer { service.server.stop() }
        try await provider.setBoot(BootOverride(target: .pxe), of: service.device())
        let written: JSON = [
            "BootSourceOverrideEnabled": "Once", "BootSourceOverrideTarget": "Pxe",
        ]
        #expect(service.bodies("PATCH") == [["Boot": written]])
    }

    @Test("is refused before it is sent if the BMC does not offer target or mode")
    func notOffered() async throws {
        let service = try service(Self.allowed)
        defer { service.server.stop() }
        let wanted = [
            BootOverride(target: .floppy): "boot from Floppy refused: the BMC does not offer "
                + "BootSourceOverrideTarget Floppy; it allows: None, Pxe, UefiHttp",
            BootOverride(target: .pxe, mode: .legacy): "boot from Pxe refused: the BMC does not "
                + "offer BootSourceOverrideMode Legacy; it allows: UEFI",
        ]
        for (boot, message) in wanted {
            let error = await #expect(throws: ProviderError.self) {
                try await provider.setBoot(boot, of: service.device())
            }
            #expect(error?.kind == .refused)
            #expect(error?.message == message)
        }
        #expect(service.bodies("PATCH").isEmpty)
    }

    @Test("is cleared only if there is one")
    func clear() async throws {
        let overridden: [(String, String, Bool)] = [
            ("Once", "Pxe", true), ("Continuous", "Pxe", true), ("Once", "None", false),
            ("Disabled", "Pxe", false),
        ]
        for (enabled, target, isOverride) in overridden {
            let service = try service([
                "BootSourceOverrideEnabled": .string(enabled),
                "BootSourceOverrideTarget": .string(target),
                "BootSourceOverrideTarget@Redfish.AllowableValues": ["Pxe"],
            ])
            defer { service.server.stop() }
            try await provider.clearBoot(of: service.device())
            #expect(
                service.bodies("PATCH")
                    == (isOverride
                        ? [
                            [
                                "Boot": [
                                    "BootSourceOverrideEnabled": "Disabled",
                                    "BootSourceOverrideTarget": "Pxe",
                                ]
                            ]
                        ] : []),
                "\(enabled) \(target)")
        }
    }

    @Test("is written with the entity tag if the BMC insists", arguments: [412, 428])
    func entityTag(status: Int) async throws {
        let resources = Rack.oneSystem(["Boot": Self.allowed, "@odata.etag": "W/\"7\""])
        let service = try FakeService(resources) { request, _ in
            request.method == "PATCH" && request.headers["if-match"] != "W/\"7\""
                ? .refusal(status: status, "Base.1.8.PreconditionRequired", "A tag is required.")
                : nil
        }
        defer { service.server.stop() }
        try await provider.setBoot(BootOverride(target: .pxe), of: service.device())
        #expect(service.bodies("PATCH").count == 1)
        #expect(service[Rack.system]?["Boot"]?["BootSourceOverrideTarget"] == "Pxe")
    }
}
