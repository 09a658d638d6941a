/// One physical server, as the operator lists it in the inventory.
public struct Device: Sendable, Hashable {
    /// Unique in the inventory; letters, digits, `.`, `_` and `-`.
    public let name: String
    /// The kind of BMC: `redfish`, `ipmi`.
    public let provider: String
    /// The BMC's URL without a path: `https://10.0.1.7`, `https://[2001:db8::7]:8443`,
    /// `ipmi://10.0.1.7`.
    public let bmc: String
    /// Which of the BMC's systems this is, by its id or name; nil where the BMC has just one.
    public let system: String?
    /// The name of the host that runs on the device.
    public let hostname: String?
    /// What placement selects by.
    public let labels: [String: String]
    public let credentials: Credentials
    public let tls: TLSTrust
    public let ipmi: IPMIOptions
    /// How long one answer of the BMC may take; nil for what is usual.
    public let timeout: Duration?

    public init(
        name: String, provider: String = "redfish", bmc: String, system: String? = nil,
        hostname: String? = nil, labels: [String: String] = [:],
        credentials: Credentials = Credentials(username: "", password: Secret("")),
        tls: TLSTrust = .system, ipmi: IPMIOptions = IPMIOptions(), timeout: Duration? = nil
    ) {
        self.name = name
        self.provider = provider
        self.bmc = bmc
        self.system = system
        self.hostname = hostname
        self.labels = labels
        self.credentials = credentials
        self.tls = tls
        self.ipmi = ipmi
        self.timeout = timeout
    }

    /// An error's text with the device and its address before it:
    /// `r1u07 (https://10.0.1.7): power on refused: …`.
    public func described(_ message: String) -> String {
        "\(name) (\(bmc)\(system.map { " \($0)" } ?? "")): \(message)"
    }
}

/// Who we are to a BMC. An empty user name means that the BMC asks for none.
public struct Credentials: Sendable, Hashable {
    public let username: String
    public let password: Secret

    public init(username: String, password: Secret) {
        self.username = username
        self.password = password
    }
}
