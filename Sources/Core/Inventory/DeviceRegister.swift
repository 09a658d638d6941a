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

    private var names: [String: Int] = [:]
    private var hostnames: [String: Holder] = [:]
    private var trays: [String: Tray] = [:]

    /// Adds a name; returns what is wrong with that, or nil.
    mutating func add(name: String, line: Int) -> String? {
        if let other = names[name] {
            return "the name \"\(name)\" is taken already in line \(other)"
        }
        names[name] = line
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
    /// `system` it is.
    mutating func add(bmc: String, system: String?, of name: String, line: Int) -> String? {
        let holder = Holder(name: name, line: line)
        guard var tray = trays[bmc] else {
            trays[bmc] = Tray(first: holder, systems: [system: holder])
            return nil
        }
        if let system, let other = tray.systems[system] {
            return "\(bmc) with system \"\(system)\" is already \(other.description)"
        }
        if let other = system == nil ? tray.first : tray.systems[nil] {
            return "\(bmc) is already the BMC of \(other.description); "
                + "devices that share a BMC need a \"system\" each"
        }
        // Taken out meanwhile, so that the dictionary isn't copied with each device.
        trays[bmc] = nil
        tray.systems[system] = holder
        trays[bmc] = tray
        return nil
    }
}
