internal import Core

extension JSON {
    /// Where a system's controllers and drives are in an extension of its schema, from the time
    /// before the standard had some.
    ///
    /// `Oem.Hpe.Links.SmartStorage`: iLO 5 before 2.30 or so shows drives there alone; `Oem.Hp` and
    /// `links` in iLO 4 (Cray-HPE/csm-redfish-interface-emulator, `XL675d_A100`, has both).
    var smartStorage: String? {
        let extensions = [self["Oem"]?["Hpe"], self["Oem"]?["Hp"]].compactMap(\.self)
        return extensions.lazy.compactMap { $0.nestedLinks("SmartStorage").first }.first
    }
}
