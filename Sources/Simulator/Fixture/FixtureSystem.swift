internal import Core

/// What a fixture says about one of its systems at the time of the recording.
struct FixtureSystem: Sendable {
    let path: String
    let id: String
    let power: PowerState
    let status: JSONObject
    /// What may be set to boot from; nil where the recording has no `Boot`.
    let boot: JSONObject?
    /// Where the override is set if not in the system itself: the settings resource
    /// (DSP0266, "Settings resource"), as on iDRAC 10 and AMI MegaRAC. One that shows no override is
    /// for other settings.
    let bootSettingsPath: String?
    /// Nil for a placeholder, which stands on many machines.
    let serialNumber: String?
    /// Dell's service tag (`SKU`); nil for others.
    let serviceTag: String?
    /// Where `ComputerSystem.Reset` is posted; nil if the system has no such action.
    let resetTarget: String?
    /// The reset types that the system says it takes; nil if it does not say.
    let resetTypes: [String]?

    /// - Parameter lookup: finds another recorded resource by its link.
    init(path: String, recorded: JSON, lookup: (String) -> JSON?) {
        self.path = path
        id = recorded["Id"]?.string ?? path.split(separator: "/").last.map(String.init) ?? path
        power = recorded["PowerState"]?.string.flatMap(PowerState.init) ?? .unknown
        status = recorded["Status"]?.object ?? JSONObject()
        let settings = recorded["@Redfish.Settings"]?["SettingsObject"]?["@odata.id"]?.string
        let pending = settings.flatMap { lookup($0)?["Boot"]?.object }
        let isPending = pending?["BootSourceOverrideTarget"] != nil
        boot = isPending ? pending : recorded["Boot"]?.object
        bootSettingsPath = isPending ? settings.map { ResourcePath.canonical($0) } : nil
        let serial = recorded["SerialNumber"]?.string
        serialNumber = SystemIdentity(serialNumber: serial).serialNumber == nil ? nil : serial
        let isDell =
            recorded["Oem"]?["Dell"] != nil
            || recorded["Manufacturer"]?.string?.lowercased().hasPrefix("dell") == true
        serviceTag = isDell ? recorded["SKU"]?.string.flatMap { $0.isEmpty ? nil : $0 } : nil
        let reset = recorded["Actions"]?["#ComputerSystem.Reset"]
        resetTarget = reset?["target"]?.string.map { ResourcePath.canonical($0) }
        resetTypes = reset.flatMap { Self.resetTypes(of: $0, lookup: lookup) }
    }

    private static func resetTypes(of action: JSON, lookup: (String) -> JSON?) -> [String]? {
        if let values = action["ResetType@Redfish.AllowableValues"]?.array {
            return values.compactMap(\.string)
        }
        // A link is an object (DSP0266, "Reference properties"), but Cray's firmware writes a bare
        // string.
        let information = action["@Redfish.ActionInfo"]
        guard let link = information?["@odata.id"]?.string ?? information?.string else {
            return nil
        }
        let parameters = lookup(link)?["Parameters"]?.array ?? []
        let resetType = parameters.first { $0["Name"]?.string == "ResetType" }
        return resetType?["AllowableValues"]?.array?.compactMap(\.string)
    }
}
