internal import Core

extension JSON {
    /// What is wrong with a power supply, in an extension of the schema.
    ///
    /// `Oem.Hpe.PowerSupplyStatus.State`: iLO 5 (`hpe-dl325-ilo5`, where it is `Ok`), iLO 6. It
    /// names what `Status` does not: `InternalFailure`, `InputVoltageLost`, `FanFailure`, ….
    var powerSupplyFault: String? {
        guard let state = self["Oem"]?["Hpe"]?["PowerSupplyStatus"]?.text("State"),
            !["ok", "unknown"].contains(state.lowercased())
        else { return nil }
        return state.spelledOut
    }
}
