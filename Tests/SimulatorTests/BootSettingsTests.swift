import Core
import Testing

@testable import Simulator

@Suite("Boot overrides")
struct BootSettingsTests {
    private static let recorded: JSONObject = [
        "BootSourceOverrideEnabled": "Disabled",
        "BootSourceOverrideTarget": "None",
        "BootSourceOverrideTarget@Redfish.AllowableValues": ["None", "Pxe", "Hdd", "UefiHttp"],
        "BootOrder": ["Boot0001"],
    ]

    private func patched(_ wanted: JSONObject) throws -> BootSettings {
        var boot = BootSettings(Self.recorded)
        try boot.patch(wanted)
        return boot
    }

    @Test("a Once override serves one boot")
    func once() throws {
        var boot = try patched([
            "BootSourceOverrideEnabled": "Once", "BootSourceOverrideTarget": "Pxe",
        ])
        #expect(boot.boot() == "Pxe")
        #expect(boot.object == Self.recorded)
        #expect(boot.boot() == "None")
    }

    @Test("a Continuous override serves every boot")
    func continuous() throws {
        var boot = try patched([
            "BootSourceOverrideEnabled": "Continuous", "BootSourceOverrideTarget": "Hdd",
        ])
        #expect(boot.boot() == "Hdd")
        #expect(boot.boot() == "Hdd")
    }

    @Test("a target alone enables nothing")
    func targetAlone() throws {
        var boot = try patched(["BootSourceOverrideTarget": "Pxe"])
        #expect(boot.object["BootSourceOverrideTarget"] == "Pxe")
        #expect(boot.boot() == "None")
    }

    @Test("disabling an override clears its target, and clearing the target disables it")
    func disabling() throws {
        let once: JSONObject = [
            "BootSourceOverrideEnabled": "Once", "BootSourceOverrideTarget": "Pxe",
        ]
        var boot = try patched(once)
        try boot.patch(["BootSourceOverrideEnabled": "Disabled"])
        #expect(boot.object == Self.recorded)
        try boot.patch(once)
        try boot.patch(["BootSourceOverrideTarget": "None"])
        #expect(boot.object == Self.recorded)
    }

    @Test("a target that can't be None stays when the override is used up")
    func withoutNone() throws {
        var recorded = Self.recorded
        recorded["BootSourceOverrideTarget"] = "Hdd"
        recorded["BootSourceOverrideTarget@Redfish.AllowableValues"] = ["Pxe", "Hdd"]
        var boot = BootSettings(recorded)
        try boot.patch(["BootSourceOverrideEnabled": "Once", "BootSourceOverrideTarget": "Pxe"])
        #expect(boot.boot() == "Pxe")
        #expect(boot.object["BootSourceOverrideEnabled"] == "Disabled")
        #expect(boot.object["BootSourceOverrideTarget"] == "Pxe")
    }

    @Test("a boot URI is taken where UefiHttp is a target")
    func httpBoot() throws {
        let boot = try patched(["HttpBootUri": "http://192.0.2.1/boot.efi"])
        #expect(boot.object["HttpBootUri"] == "http://192.0.2.1/boot.efi")
    }

    @Test(
        "what the system does not offer is refused",
        arguments: [
            Wrong("BootSourceOverrideTarget", "Cd", "PropertyValueNotInList"),
            Wrong("BootSourceOverrideEnabled", "Twice", "PropertyValueNotInList"),
            Wrong("BootSourceOverrideEnabled", 1, "PropertyValueTypeError"),
            Wrong("BootSourceOverrideMode", "UEFI", "PropertyUnknown"),
            Wrong("BootOrder", "Boot0001", "PropertyValueTypeError"),
            Wrong("Colour", "red", "PropertyUnknown"),
        ])
    func refused(_ wrong: Wrong) {
        var boot = BootSettings(Self.recorded)
        var wanted: JSONObject = ["BootSourceOverrideTarget": "Pxe"]
        wanted[wrong.property] = wrong.value
        let refusal = #expect(throws: Refusal.self) { try boot.patch(wanted) }
        #expect(refusal?.status == 400)
        #expect(refusal?.messageID == "Base.1.18.\(wrong.key)")
        #expect(boot.object == Self.recorded, "a refused change changes nothing")
    }

    /// A property with a value that is refused, and the key of the message that says so.
    struct Wrong: Sendable {
        let property: String
        let value: JSON
        let key: String

        init(_ property: String, _ value: JSON, _ key: String) {
            self.property = property
            self.value = value
            self.key = key
        }
    }
}
