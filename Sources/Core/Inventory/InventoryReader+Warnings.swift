extension InventoryReader {
    /// What an operator should mend and need not, a sentence each.
    /// - Parameter othersMayRead: whether users beside its owner may read the inventory.
    func warnings(othersMayRead: Bool) -> [String] {
        var warnings = files.readable.map { path in
            "\(path) can be read by others, and holds a secret: chmod go-r \(path)"
        }
        if othersMayRead, holdsSecret {
            warnings.append(
                "\(file) can be read by others, and holds a password: use passwordFile, or chmod go-r"
                    + " \(file)")
        }
        let plain = devices.filter {
            $0.bmc.hasPrefix("http://") && !$0.credentials.password.isEmpty
        }
        if let first = plain.first {
            let which =
                plain.count == 1
                ? "\(first.name) is"
                : "\(plain.count) devices, such as"
                    + " \(first.name), are"
            warnings.append(
                "\(which) spoken to over http://: whoever is on the way can read the BMC's password, and"
                    + " switch the server")
        }
        return warnings
    }
}
