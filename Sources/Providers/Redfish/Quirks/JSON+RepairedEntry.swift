internal import Core

extension JSON {
    /// Whether a log entry is over, in an extension of its schema.
    ///
    /// `Oem.Hpe.Repaired`: the management log of iLO 5 (`hpe-dl325-ilo5` has such a log;
    /// Cray-HPE/csm-redfish-interface-emulator, `DL325`, entry 83 of its `IML`). The entry keeps
    /// its place, and its severity in older firmware.
    var isRepairedEntry: Bool { self["Oem"]?["Hpe"]?["Repaired"]?.bool == true }
}
