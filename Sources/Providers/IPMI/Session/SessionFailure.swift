internal import IPMIWire

/// Why no session came about, or why one ended.
enum SessionFailure: Error, Hashable, Sendable {
    /// The BMC refused a step of the opening.
    case refused(step: String, RMCPPlusStatus)
    /// The BMC could not prove that it knows the password: ours is not the one that it has for the
    /// user, or it is not the BMC.
    case wrongPassword
    /// The same, of a password that is longer than the 16 bytes of which some BMCs keep no more.
    case wrongLongPassword
    /// A step's proof has too few bytes.
    case shortCode(step: String)
    /// A step's proof is all zeros: the BMC lists a cipher suite that it does not master.
    case blankCode(step: String)
    /// The BMC derived another session key: its K_G differs from ours.
    case wrongBMCKey
    /// The BMC lost the thread after questions were sent again that it had yet to answer.
    case crossed(step: String, RMCPPlusStatus)
    /// The BMC answered a proposal with algorithms that were not proposed.
    case otherSuite(CipherSuite)
    /// A packet could not be made.
    case cipher
}
