/// What one item of `devices`, or `defaults`, says; ranges are not yet expanded.
struct InventoryEntry: Sendable {
    var place = InventoryPlace()
    var name: Setting<Placed<String>> = .absent
    var provider: Setting<Placed<String>> = .absent
    var bmc: Setting<Placed<String>> = .absent
    var system: Setting<Placed<String>> = .absent
    var hostname: Setting<Placed<String>> = .absent
    var labels: [String: Placed<String>] = [:]
    var username: Setting<Placed<String>> = .absent
    var password: Setting<Placed<Secret>> = .absent
    var tls: Setting<Placed<TLSTrust>> = .absent
    var timeout: Setting<Placed<Duration>> = .absent
    var bmcKey: Setting<Placed<Secret>> = .absent
    var cipherSuites: Setting<Placed<[Int]>> = .absent
    var privilege: Setting<Placed<IPMIOptions.Privilege>> = .absent
    var retryAfter: Setting<Placed<Duration>> = .absent
    var quirks: Setting<Placed<Set<IPMIOptions.Quirk>>> = .absent

    /// The keys of a device.
    static let keys =
        ["name", "provider", "bmc", "system", "hostname", "labels", "username"] + passwordKeys
        + ["tls", "timeout"] + ipmiKeys
    /// The keys of `defaults`.
    static let defaultKeys =
        ["provider", "labels", "username"] + passwordKeys + ["tls", "timeout"] + ipmiKeys
    /// The ways to give a password, one of which is used.
    static let passwordKeys = ["password", "passwordFile", "passwordEnv"]
    /// The ways to give K_G, the BMC's own key, one of which is used.
    static let bmcKeyKeys = ["kg", "kgFile", "kgEnv"]
    /// What says something only about IPMI.
    static let ipmiKeys = bmcKeyKeys + ["cipherSuites", "privilege", "retryAfter", "quirks"]
    /// The keys of `tls`.
    static let tlsKeys = ["ca", "fingerprint", "insecure"]
}
