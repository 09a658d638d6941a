internal import Core

/// What a system boots from instead of its firmware's choice (DSP2046 `ComputerSystem.Boot`).
struct Boot: Hashable {
    /// `Disabled`, `Once` or `Continuous`.
    let bootSourceOverrideEnabled: String?
    let bootSourceOverrideTarget: String?
    let bootSourceOverrideMode: String?
    /// What `UefiHttp` boots; nil leaves it to DHCP.
    let httpBootUri: String?
    let enabledAllowableValues: [String]?
    let targetAllowableValues: [String]?
    let modeAllowableValues: [String]?

    init(_ json: JSON) {
        bootSourceOverrideEnabled = json.text("BootSourceOverrideEnabled")
        bootSourceOverrideTarget = json.text("BootSourceOverrideTarget")
        bootSourceOverrideMode = json.text("BootSourceOverrideMode")
        httpBootUri = json.text("HttpBootUri")
        let allowed = { (property: String) in
            // An empty list says nothing that could be followed.
            json.texts("\(property)@Redfish.AllowableValues").flatMap { $0.isEmpty ? nil : $0 }
        }
        enabledAllowableValues = allowed("BootSourceOverrideEnabled")
        targetAllowableValues = allowed("BootSourceOverrideTarget")
        modeAllowableValues = allowed("BootSourceOverrideMode")
    }

    /// These settings, with `other`'s for what they leave out.
    init(_ own: Boot, fallback other: Boot?) {
        bootSourceOverrideEnabled =
            own.bootSourceOverrideEnabled ?? other?.bootSourceOverrideEnabled
        bootSourceOverrideTarget = own.bootSourceOverrideTarget ?? other?.bootSourceOverrideTarget
        bootSourceOverrideMode = own.bootSourceOverrideMode ?? other?.bootSourceOverrideMode
        httpBootUri = own.httpBootUri ?? other?.httpBootUri
        enabledAllowableValues = own.enabledAllowableValues ?? other?.enabledAllowableValues
        targetAllowableValues = own.targetAllowableValues ?? other?.targetAllowableValues
        modeAllowableValues = own.modeAllowableValues ?? other?.modeAllowableValues
    }

    /// Whether the system shows any property of an override.
    var canOverride: Bool {
        bootSourceOverrideEnabled != nil || bootSourceOverrideTarget != nil
            || targetAllowableValues != nil
    }

    /// Whether an override is in force.
    var isOverridden: Bool {
        guard let enabled = bootSourceOverrideEnabled?.lowercased(), enabled != "disabled" else {
            return false
        }
        return bootSourceOverrideTarget?.lowercased() != "none"
    }
}
