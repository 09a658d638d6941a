public import Core

extension RedfishProvider {
    /// Writes the system's boot override (DSP2046 `ComputerSystem.Boot`).
    ///
    /// - Throws: `refused`, with what the BMC allows, if it does not offer the target or the mode.
    public func setBoot(
        _ boot: BootOverride, of device: Device
    ) async throws(ProviderError) {
        let name = "boot from \(boot.target.rawValue)"
        try await attempt(name, at: device) { (client, system) throws(RedfishFailure) in
            let values = try Self.overrideProperties(boot, system.boot)
            try await client.command("PATCH", system.path, ["Boot": .object(values)])
        }
    }

    public func clearBoot(of device: Device) async throws(ProviderError) {
        try await attempt("clearing the boot override", at: device) {
            (client, system) throws(RedfishFailure) in
            guard system.boot.isOverridden else { return }
            var values: JSONObject = ["BootSourceOverrideEnabled": "Disabled"]
            if let none = Self.match(["None"], system.boot.targetAllowableValues) {
                values["BootSourceOverrideTarget"] = .string(none)
            } else if let target = system.boot.bootSourceOverrideTarget {
                // sushy-emulator offers no None, and refuses a change that names no target.
                values["BootSourceOverrideTarget"] = .string(target)
            }
            try await client.command("PATCH", system.path, ["Boot": .object(values)])
        }
    }

    private static func overrideProperties(
        _ wanted: BootOverride, _ boot: Boot
    ) throws(RedfishFailure) -> JSONObject {
        guard boot.canOverride else {
            throw RedfishFailure(.refused, "the system shows no boot override")
        }
        let enabled = wanted.once ? "Once" : "Continuous"
        var values = JSONObject()
        values["BootSourceOverrideEnabled"] = try check(
            [enabled], boot.enabledAllowableValues, "BootSourceOverrideEnabled")
        values["BootSourceOverrideTarget"] = try check(
            wanted.target.names, boot.targetAllowableValues, "BootSourceOverrideTarget")
        if let mode = wanted.mode {
            values["BootSourceOverrideMode"] = try check(
                [mode.rawValue], boot.modeAllowableValues, "BootSourceOverrideMode")
        } else if let mode = boot.bootSourceOverrideMode {
            // Some BMCs fall back to Legacy if a change of the target leaves the mode out
            // (openstack/ironic, redfish/management.py, set_boot_device).
            values["BootSourceOverrideMode"] = .string(mode)
        }
        // An URI that an earlier override left behind must not be booted from now.
        if wanted.target == .uefiHttp, wanted.httpBootURI ?? boot.httpBootUri != nil {
            values["HttpBootUri"] = JSON(wanted.httpBootURI)
        }
        return values
    }

    private static func check(
        _ names: [String], _ allowed: [String]?, _ property: String
    ) throws(RedfishFailure) -> JSON {
        guard let match = match(names, allowed) else {
            throw RedfishFailure(
                .refused, "the BMC does not offer \(property) \(names[0])" + allowance(allowed))
        }
        return .string(match)
    }

    /// The first of `names` that is allowed, as the BMC writes it. Where the BMC names no values,
    /// the first.
    private static func match(_ names: [String], _ allowed: [String]?) -> String? {
        guard let allowed else { return names.first }
        for name in names {
            if let match = allowed.first(where: { $0.lowercased() == name.lowercased() }) {
                return match
            }
        }
        return nil
    }
}
