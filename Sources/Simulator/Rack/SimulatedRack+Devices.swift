public import Core

extension SimulatedRack {
    /// How many devices are named after one rack.
    private static let devicesPerRack = 20

    /// The name of the rack's device number `number`, from 0: `r1u01`, …, `r1u20`, `r2u01`.
    public static func deviceName(_ number: Int) -> String {
        let unit = number % devicesPerRack + 1
        return "\(rackName(number))u\(unit < 10 ? "0" : "")\(unit)"
    }

    private static func rackName(_ number: Int) -> String {
        "r\(number / devicesPerRack + 1)"
    }

    /// The devices of all BMCs, as an inventory would list them. Known once the rack has started.
    ///
    /// - Parameter authorityFile: where the caller put ``caPEM``.
    public func devices(authorityFile: String? = nil) -> [Device] {
        var devices: [Device] = []
        for bmc in bmcs {
            let systems = bmc.systems
            let url = bmc.url
            for system in systems {
                let number = devices.count
                devices.append(
                    Device(
                        name: Self.deviceName(number), bmc: url,
                        system: systems.count > 1 ? system.id : nil,
                        labels: ["rack": Self.rackName(number), "sku": "std"],
                        credentials: credentials ?? Credentials(username: "", password: Secret("")),
                        tls: TLSTrust(authorityFile: authorityFile)))
            }
        }
        return devices
    }
}
