extension String {
    /// Why this link is never to be read; nil for others.
    ///
    /// iDRAC 9 of some releases crashes and restarts where the chassis of its disk enclosures are
    /// read (bb-Ricardo/check_redfish, issue 67). They are named as Dell names its parts:
    /// `Enclosure.Internal.0-1:RAID.Integrated.1-1`. What they hold, the system's storage shows too.
    var danger: String? {
        let segments = lowercased().replacing("%3a", with: ":").prefix { $0 != "?" && $0 != "#" }
            .split(separator: "/")
        guard let place = segments.firstIndex(of: "chassis"), place + 1 < segments.count else {
            return nil
        }
        let parts = segments[place + 1].split(separator: ":").map { $0.split(separator: ".") }
        let isOfStorage = parts.contains { names in
            names.count > 2 && ["raid", "enclosure"].contains(names[0])
        }
        return isOfStorage ? "reading it restarts some iDRACs" : nil
    }
}
