/// Which certificates of a BMC are accepted.
public enum TLSTrust: Sendable, Hashable {
    /// What the system's authorities vouch for.
    case system
    /// What the authorities in a PEM file vouch for, instead of the system's.
    case authorities(file: String)
    /// This one certificate, whoever issued it and to whatever name.
    case fingerprint(CertificateFingerprint)
    /// Any: whoever sits between us and the BMC can read its password.
    case insecure

    /// The authorities in a PEM file, or the system's if there is none.
    public init(authorityFile: String? = nil) {
        self = authorityFile.map(TLSTrust.authorities) ?? .system
    }
}
