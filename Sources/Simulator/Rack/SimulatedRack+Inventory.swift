internal import Core

extension SimulatedRack {
    /// The inventory file that lists all devices, for a daemon of its own. Known once the rack has
    /// started.
    ///
    /// - Parameters:
    ///   - passwordFile: where the caller put the password; if nil, it stands in the text.
    ///   - authorityFile: where the caller put ``caPEM``.
    ///   - overIPMI: whether BMCs that speak both are listed as IPMI's.
    public func inventoryYAML(
        passwordFile: String? = nil, authorityFile: String? = nil, overIPMI: Bool = false
    ) -> String {
        let devices = devices(overIPMI: overIPMI)
        let usual = devices.first?.provider ?? "redfish"
        var defaults: [String] = ["provider: \(usual)"]
        if let credentials {
            defaults.append("username: \(Self.quoted(credentials.username))")
            defaults.append(
                passwordFile.map { "passwordFile: \(Self.quoted($0))" }
                    ?? "password: \(Self.quoted(credentials.password.reveal()))")
        }
        if let authorityFile, devices.contains(where: { $0.provider == "redfish" }) {
            defaults.append("tls: {ca: \(Self.quoted(authorityFile))}")
        }
        var text = "defaults: {\(defaults.joined(separator: ", "))}\n"
        text += devices.isEmpty ? "devices: []\n" : "devices:\n"
        for device in devices {
            let system = device.system.map { ", system: \(Self.quoted($0))" } ?? ""
            let labels = device.labels.sorted { $0.key < $1.key }
                .map { "\($0.key): \($0.value)" }.joined(separator: ", ")
            let provider = device.provider == usual ? "" : "provider: \(device.provider), "
            text +=
                "  - {name: \(device.name), \(provider)bmc: \(Self.quoted(device.bmc))\(system), "
            text += "labels: {\(labels)}}\n"
        }
        return text
    }

    // A JSON string is a YAML double-quoted one (YAML 1.2.2, 1.2).
    private static func quoted(_ text: String) -> String {
        JSON.string(text).description
    }
}
