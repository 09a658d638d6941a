import InfraKit
import Core

/// The devices of the running plugin.
struct KnownDevices {
    private struct Place: Hashable {
        let bmc: String
        let system: String?
    }

    private let places: [String: Place]
    private let names: [Place: String]

    /// - Parameter answer: one of `Rackpool.Devices`.
    init(_ answer: JSON) {
        var places: [String: Place] = [:]
        for device in answer["Devices"]?.array ?? [] {
            guard let name = device["Name"]?.string, let bmc = device["BMC"]?.string else {
                continue
            }
            places[name] = Place(bmc: bmc, system: device["System"]?.string)
        }
        self.places = places
        names = Dictionary(places.map { ($0.value, $0.key) }, uniquingKeysWith: min)
    }

    /// The plugin switches what is its own; where the inventory and the plugin are not of one mind
    /// what a device is, nobody does.
    func way(for device: Device, _ client: PluginClient) -> PowerPlan.Way {
        let place = Place(bmc: device.bmc, system: device.system)
        let advice = "have it read its inventory again (kill -HUP), or name the same file"
        switch (places[device.name], names[place]) {
        case (place?, _): return .plugin(client)
        case (let other?, _):
            return .refused(
                device.described(
                    "not switched: the running plugin has \(device.name) at \(other.bmc); \(advice)"
                ))
        case (nil, let name?):
            return .refused(
                device.described("not switched: the running plugin calls it \(name); \(advice)"))
        case (nil, nil): return .direct(device)
        }
    }
}
