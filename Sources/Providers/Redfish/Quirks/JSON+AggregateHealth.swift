internal import Core

extension JSON {
    /// Which areas of a system are not well, in an extension of its schema: `Storage`.
    ///
    /// `Oem.Hpe.AggregateHealthStatus`: iLO 5 (`hpe-dl325-ilo5`). Where such a system is ill, this
    /// says in the same answer where: an XL675d with a failed drive shows `Warning` for the system
    /// and for `Storage` (Cray-HPE/csm-redfish-interface-emulator, `XL675d_A100`). It counts no more
    /// than the system's own status does: unused network ports make `Network` a `Warning` in
    /// systems that are OK, the same DL325 among them.
    func aggregateHealth(atLeast worst: Health) -> [String] {
        guard worst > .ok,
            let areas = self["Oem"]?["Hpe"]?["AggregateHealthStatus"]?.object
        else { return [] }
        return areas.compactMap { name, area in
            let health = Status.health(area["Status"]?.text("Health")) ?? .ok
            return health >= worst ? name.spelledOut.lowercased() : nil
        }
    }
}
