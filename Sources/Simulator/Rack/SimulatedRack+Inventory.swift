internal import Core

extension SimulatedRack {
    /// The inventory file that lists all devices, for a daemon of its own. Known once the rack has
    /// started.
    ///
    /// - Parameters:
    ///   - passwordFile: where the caller put the password; if nil, it stands in the text.
    ///   - authorityFile: where the caller put ``caPEM``.
    public func inventoryYAML(passwordFile: String? = nil, authorityFile: String? = nil) -> String {
        var defaults: [String] = ["provider: redfish"]
        if let credentials {
            defaults.append("username: \(Self.quoted(credentials.username))")
            defaults.append(
                passwordFile.map { "passwordFile: \(Self.quoted($0))" }
                    ?? "password: \(Self.quoted(credentials.password.reveal()))")
        }
        if let authorityFile { defaults.append("tls: {ca: \(Self.quoted(authorityFile))}") }
        var text = "defaults: {\(defaults.joined(separator: ", "))}\n"
        let devices = devices()
        text += devices.isEmpty ? "devices: []\n" : "devices:\n"
        for device in devices {
            let system = device.system.map { ", system: \(Self.quoted($0))" } ?? ""
            let labels = device.labels.sorted { $0.key < $1.key }
                .map { "\($0.key): \($0.value)" }.joined(separator: ", ")
            text += "  - {name: \(device.name), bmc: \(Self.quoted(device.bmc))\(system), "
            text += "labels: {\(labels)}}\n"
        }
        return text
    }

    // A JSON string is a YAML double-quoted one (YAML 1.2.2, 1.2).
    private static func quoted(_ text: String) -> String {
        JSON.string(text).description
    }
}
