import Core

/// What a person should know of the devices as a whole before reading about each.
enum DeviceNotices {
    /// - Parameter answer: one of `Rackpool.Devices`.
    static func lines(_ answer: JSON) -> [String] {
        let devices = answer["Devices"]?.array ?? []
        let refused = devices.count { $0["Health"]?.string == Health.refused.rawValue }
        let unlisted = devices.count { $0["Listed"]?.bool == false }
        let orphans = answer["Orphans"]?.array?.count ?? 0
        var lines: [String] = []
        if refused > 0 {
            lines.append(
                "REFUSED: \(counted(refused, "'s BMC does", "s' BMCs do")) not let us in or"
                    + " does not have what the inventory says: look at passwords, certificates and"
                    + " systems; nothing is moved for that")
        }
        if unlisted > 0 {
            lines.append(
                "UNLISTED: \(counted(unlisted, " is", "s are")) claimed and not in the inventory:"
                    + " list them again; what is not listed when the plugin starts can't be watched or"
                    + " destroyed")
        }
        if orphans > 0 {
            let subject = orphans == 1 ? "1 instance names" : "\(orphans) instances name"
            lines.append("ORPHANS: \(subject) no device: rackpool forget INSTANCE --lost ends one")
        }
        return lines
    }

    private static func counted(_ count: Int, _ one: String, _ many: String) -> String {
        "\(count) device\(count == 1 ? one : many)"
    }
}
