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

    /// The systems behind the devices, each with its device's name, in the inventory's order.
    public var systemsByName: [(name: String, system: SimulatedSystem)] {
        bmcs.flatMap { bmc in
            // Over IPMI there is the first alone.
            bmc.systems.prefix(bmc.hasRedfish ? .max : 1).map { system in
                (Self.deviceName(bmc.firstDevice + system.index), system)
            }
        }
    }

    /// The devices of all BMCs, as an inventory would list them. Known once the rack has started.
    ///
    /// - Parameters:
    ///   - authorityFile: where the caller put ``caPEM``.
    ///   - overIPMI: whether BMCs that speak both are listed as IPMI's.
    public func devices(authorityFile: String? = nil, overIPMI: Bool = false) -> [Device] {
        var devices: [Device] = []
        for bmc in bmcs {
            let ipmiURL = overIPMI || !bmc.hasRedfish ? bmc.ipmiURL : nil
            // The devices of a BMC have the same names, however they are spoken to.
            for system in bmc.systems {
                let number = bmc.firstDevice + system.index
                let name = Self.deviceName(number)
                let labels = ["rack": Self.rackName(number), "sku": "std"]
                let credentials =
                    credentials ?? Credentials(username: "", password: Secret(""))
                if let ipmiURL {
                    guard system.index == 0 else { continue }
                    devices.append(
                        Device(
                            name: name, provider: "ipmi", bmc: ipmiURL, labels: labels,
                            credentials: credentials, ipmi: ipmiOptions))
                } else {
                    devices.append(
                        Device(
                            name: name, bmc: bmc.url,
                            system: bmc.systems.count > 1 ? system.id : nil, labels: labels,
                            credentials: credentials,
                            tls: TLSTrust(authorityFile: authorityFile)))
                }
            }
        }
        return devices
    }

    private var ipmiOptions: IPMIOptions {
        let ipmi = settings.configuration.ipmi
        let usual = IPMIOptions().cipherSuites
        let common = usual.filter { ipmi.cipherSuites.contains($0) }
        return IPMIOptions(
            bmcKey: ipmi.bmcKey, cipherSuites: common.isEmpty ? ipmi.cipherSuites : common)
    }
}
