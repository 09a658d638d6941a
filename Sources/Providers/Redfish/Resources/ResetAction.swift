internal import Core

/// The action that switches a system (DSP2046 `ComputerSystem`, action `Reset`; DSP0266, actions property).
struct ResetAction: Hashable {
    /// Where to POST.
    let target: String
    /// `ResetType@Redfish.AllowableValues` (DSP0266, allowable values); nil if it is not given.
    let allowableValues: [String]?
    /// `@Redfish.ActionInfo`: where else the values may be (DSP0266, action info).
    let actionInfo: String?

    /// Nil if there is no such action. A missing target is where the standard puts it
    /// (DSP0266, POST action).
    init?(_ json: JSON?, of system: String) {
        guard let json, json.object != nil else { return nil }
        let parent = system.hasSuffix("/") ? String(system.dropLast()) : system
        target = json.link("target") ?? "\(parent)/Actions/ComputerSystem.Reset"
        allowableValues = json.texts("ResetType@Redfish.AllowableValues").flatMap { values in
            values.isEmpty ? nil : values
        }
        actionInfo = json.link("@Redfish.ActionInfo")
    }
}
