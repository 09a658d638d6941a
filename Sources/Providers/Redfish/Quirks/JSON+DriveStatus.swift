internal import Core

extension JSON {
    /// What a drive says of itself where its `Status` says less, in an extension of its schema.
    ///
    /// `Oem.Hpe.DriveStatus`: iLO 5 and 6 (`hpe-dl325-ilo5`, where both are OK); behind an MR
    /// controller a drive that has failed keeps `Status.Health` `OK`.
    var driveStatus: Status? {
        self["Oem"]?["Hpe"]?["DriveStatus"].flatMap { $0.object == nil ? nil : Status($0) }
    }

    /// Why a drive is not well.
    ///
    /// `DiskDriveStatusReasons`: the SmartStorage of iLO 4 and early iLO 5, and `Oem.Hpe` of later
    /// ones (Cray-HPE/csm-redfish-interface-emulator, `XL675d_A100`: `NonAuthenticDrive`).
    var driveStatusReasons: String? {
        let reasons =
            texts("DiskDriveStatusReasons")
            ?? self["Oem"]?["Hpe"]?.texts("DriveStatusReasons") ?? []
        let told = reasons.filter { !["none", "ok", ""].contains($0.lowercased()) }
        return told.isEmpty
            ? nil
            : told.map { $0.spelledOut.lowercased().readable(limit: 100) }
                .joined(separator: ", ")
    }
}
