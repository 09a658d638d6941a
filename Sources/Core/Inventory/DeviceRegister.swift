/// What must not be repeated in an inventory, and who has it.
struct DeviceRegister {
    /// Who has something.
    private struct Holder {
        let name: String
        let line: Int

        var description: String { line > 0 ? "\(name) (line \(line))" : name }
    }

    /// The devices of one BMC, by their `system`; nil is a device that has none.
    private struct Tray {
        let first: Holder
        var systems: [String?: Holder]
    }

    /// In which line each name stands.
    private(set) var lines: [String: Int] = [:]
    private var hostnames: [String: Holder] = [:]
    private var trays: [String: Tray] = [:]
    /// Who has a host's own Redfish port, and who its IPMI port: both are one BMC.
    private var redfishHosts: [String: Holder] = [:]
    private var ipmiHosts: [String: Holder] = [:]

    /// Adds a name; returns what is wrong with that, or nil.
    mutating func add(name: String, line: Int) -> String? {
        if let other = lines[name] {
            return "the name \"\(name)\" is taken already in line \(other)"
        }
        lines[name] = line
        return nil
    }

    /// Adds a hostname, whose letter case doesn't count (RFC 4343); returns what is wrong.
    mutating func add(hostname: String, of name: String, line: Int) -> String? {
        let key = hostname.lowercased()
        if let other = hostnames[key] {
            return "\"\(hostname)\" is already the hostname of \(other.description)"
        }
        hostnames[key] = Holder(name: name, line: line)
        return nil
    }

    /// Adds a device of a BMC; returns what is wrong. Devices may share a BMC if each says which
    /// `system` it is, which over IPMI none can.
    mutating func add(
        bmc: BMCAddress, system: String?, of name: String, line: Int
    ) -> String? {
        let holder = Holder(name: name, line: line)
        let url = bmc.url
        let isIPMI = bmc.scheme == "ipmi"
        if bmc.port == nil {
            if let other = isIPMI ? redfishHosts[bmc.host] : ipmiHosts[bmc.host] {
                return "\(bmc.host) is already the BMC of \(other.description); list a server once,"
                    + " by one protocol"
            }
            if isIPMI { ipmiHosts[bmc.host] = holder } else { redfishHosts[bmc.host] = holder }
        }
        guard var tray = trays[url] else {
            trays[url] = Tray(first: holder, systems: [system: holder])
            return nil
        }
        if isIPMI { return "\(url) is already the BMC of \(tray.first.description)" }
        if let system, let other = tray.systems[system] {
            return "\(url) with system \"\(system)\" is already \(other.description)"
        }
        if let other = system == nil ? tray.first : tray.systems[nil] {
            return "\(url) is already the BMC of \(other.description); "
                + "devices that share a BMC need a \"system\" each"
        }
        // Taken out meanwhile, so that the dictionary isn't copied with each device.
        trays[url] = nil
        tray.systems[system] = holder
        trays[url] = tray
        return nil
    }
}
