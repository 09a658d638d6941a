internal import Core

extension JSON {
    /// Whether this is the template of what may be created in a collection (DSP2050, "Collection
    /// Capabilities Object"): it has the type of a member and annotates what a client has to give.
    /// AMI MegaRAC lists it among the members (`ami-megarac-style`).
    var isCapabilitiesObject: Bool {
        object?.contains { $0.key.hasSuffix("@Redfish.RequiredOnCreate") } == true
    }
}
