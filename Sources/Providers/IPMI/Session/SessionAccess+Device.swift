internal import Core
internal import IPMIWire

extension SessionAccess {
    /// What the inventory says of a device.
    /// - Throws: `unusable`.
    init(_ device: Device) throws(IPMIFailure) {
        let username = Array(device.credentials.username.utf8)
        guard username.count <= 16 else {
            throw .unusable(
                "username: has \(username.count) bytes, and IPMI takes 16 at the most")
        }
        let password = device.credentials.password.revealBytes()
        guard password.count <= 20 else {
            throw .unusable(
                "password: has \(password.count) bytes, and IPMI takes 20 at the most")
        }
        let bmcKey = device.ipmi.bmcKey?.revealBytes()
        guard bmcKey?.count ?? 0 <= 20 else {
            throw .unusable("kg: has \(bmcKey?.count ?? 0) bytes, and IPMI takes 20 at the most")
        }
        var suites: [CipherSuite] = []
        for number in device.ipmi.cipherSuites {
            guard let suite = UInt8(exactly: number).flatMap({ CipherSuite(id: $0) }) else {
                let known = CipherSuite.known.map { String($0.id) }.joined(separator: ", ")
                throw .unusable("cipherSuites: \(number) is not spoken here; choose from \(known)")
            }
            suites.append(suite)
        }
        guard !suites.isEmpty else { throw .unusable("cipherSuites: none is allowed") }
        self.init(
            username: username, userKey: password,
            bmcKey: bmcKey.flatMap { $0.isEmpty ? nil : $0 },
            privilege: PrivilegeLevel(device.ipmi.privilege ?? .administrator),
            mayLower: device.ipmi.privilege == nil, suites: suites,
            retryAfter: device.ipmi.retryAfter)
    }
}

extension PrivilegeLevel {
    init(_ privilege: IPMIOptions.Privilege) {
        self =
            switch privilege {
            case .user: .user
            case .operator: .operator
            case .administrator: .administrator
            }
    }
}
