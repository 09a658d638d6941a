import InfraKit
import Core

/// The devices of the running plugin.
struct KnownDevices {
    private let addresses: [String: MachineAddress]
    private let machines: BMCIndex

    /// - Parameters:
    ///   - answer: one of `Rackpool.Devices`.
    ///   - resolved: the IP addresses of BMCs' hosts; see `BMCIndex`.
    init(_ answer: JSON, resolved: [String: [String]]) {
        addresses = Self.addresses(in: answer)
        var machines = BMCIndex(resolved: resolved)
        for (name, address) in addresses.sorted(by: { $0.key < $1.key }) {
            machines.insert(BMCIndex.Member(name: name, address: address))
        }
        self.machines = machines
    }

    /// Where the plugin has its devices' machines.
    static func addresses(in answer: JSON) -> [String: MachineAddress] {
        var addresses: [String: MachineAddress] = [:]
        for device in answer["Devices"]?.array ?? [] {
            guard let name = device["Name"]?.string, let bmc = device["BMC"]?.string else {
                continue
            }
            addresses[name] = MachineAddress(
                provider: device["Provider"]?.string ?? "redfish", bmc: bmc,
                system: device["System"]?.string)
        }
        return addresses
    }

    /// The plugin switches what is its own; where the inventory and the plugin are not of one mind
    /// what a device is, nobody does.
    func way(for device: Device, _ client: PluginClient) -> PowerPlan.Way {
        let advice = "have it read its inventory again (kill -HUP), or name the same file"
        if let address = addresses[device.name] {
            guard address != device.address else { return .plugin(client) }
            return .refused(
                device.described(
                    "not switched: the running plugin has \(device.name) at"
                        + " \(address.displayed); \(advice)"))
        }
        guard let other = machines.members(at: device.address).first else {
            return .direct(device)
        }
        let place = other.address.bmc == device.bmc ? "" : ", at \(other.address.displayed)"
        return .refused(
            device.described(
                "not switched: the running plugin calls it \(other.name)\(place); \(advice)"))
    }
}
