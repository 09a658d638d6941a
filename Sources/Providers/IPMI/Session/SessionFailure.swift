internal import IPMIWire

/// Why no session came about, or why one ended.
enum SessionFailure: Error, Hashable, Sendable {
    /// The BMC refused a step of the opening.
    case refused(step: String, RMCPPlusStatus)
    /// The BMC could not prove that it knows the password: ours is not the one that it has for the
    /// user, or it is not the BMC.
    case wrongPassword
    /// The BMC derived another session key: its K_G differs from ours.
    case wrongBMCKey
    /// The BMC answered a proposal with algorithms that were not proposed.
    case otherSuite(CipherSuite)
    /// A packet could not be made.
    case cipher
}
