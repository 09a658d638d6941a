extension RedfishFailure {
    /// Whether a refused power command is said to be needless, or to come at the wrong moment. Only
    /// the power state itself tells whether that is so.
    ///
    /// - 409: iDRAC, with `IDRAC.1.6.PSU501`, "Server is already powered ON."
    ///   (dell/dellemc-openmanage-ansible-modules, issue 132).
    /// - 400 with `InvalidOperationForSystemState`: iLO (goldyfruit/ansible-ilo, issue 1).
    /// - `NoOperation`, `ResourceInUse`: Base registry (DSP8011).
    /// - 304: seen for a change that changes nothing.
    var saysNothingToDo: Bool {
        if status == 304 || status == 409 { return true }
        let marks = [
            "PSU501", "InvalidOperationForSystemState", "NoOperation", "ResourceInUse", "already",
        ]
        return marks.contains { text.contains($0) }
    }
}
