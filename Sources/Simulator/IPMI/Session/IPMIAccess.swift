internal import Core
internal import IPMIWire

/// Whom the BMCs of a rack let in, and how; made once for all.
struct IPMIAccess: Sendable {
    let accounts: [IPMIAccount]
    let bmcKey: [UInt8]?
    let suites: [CipherSuite]
    let sessionLimit: Int
    let idleTimeout: Duration

    /// How long a console may take to open a session that it proposed.
    static let openingTimeout: Duration = .seconds(10)

    /// - Throws: ``SimulatorError/badConfiguration(_:)``.
    init(_ configuration: RackConfiguration) throws(SimulatorError) {
        let ipmi = configuration.ipmi
        let first = configuration.credentials.map {
            SimulatedIPMIUser(name: $0.username, password: $0.password)
        }
        let users = (first.map { [$0] } ?? []) + ipmi.users
        // A BMC without accounts lets in who names none: the null user (IPMI v2.0 6.9.1).
        accounts = (users.isEmpty ? [SimulatedIPMIUser(name: "", password: Secret(""))] : users)
            .map(IPMIAccount.init)
        bmcKey = ipmi.bmcKey.map { Array($0.reveal().utf8) }
        var suites: [CipherSuite] = []
        for number in ipmi.cipherSuites {
            guard let suite = UInt8(exactly: number).flatMap(CipherSuite.init(id:)) else {
                throw .badConfiguration(
                    "cipher suite \(number) is not spoken; there are "
                        + CipherSuite.known.map { "\($0.id)" }.joined(separator: ", "))
            }
            suites.append(suite)
        }
        self.suites = suites
        sessionLimit = ipmi.sessionLimit
        idleTimeout = ipmi.idleTimeout
    }

    func account(named name: [UInt8]) -> IPMIAccount? {
        accounts.first { $0.name == name }
    }
}
