internal import IPMIWire
internal import NIOCore
internal import SystemLimits

/// Why a BMC did not do what it was asked over IPMI.
enum IPMIFailure: Error, Hashable, Sendable {
    /// Nothing came back. `step` is what was waited for: ``presence``, `open session`, `RAKP 1`,
    /// `RAKP 3`, or the command's name. `mayHaveActed` tells whether a command was sent that
    /// takes effect.
    case silent(step: String, attempts: Int, mayHaveActed: Bool)
    /// Nothing came back to a command, however often it was sent, while the BMC answers to others: it
    /// does not know this one.
    case ignored(command: String)
    /// The socket could not send. `isOurs` tells whether that is for what this machine lacks, such
    /// as a route at all or a descriptor, rather than for a host that is not found.
    case unsendable(String, isOurs: Bool)
    /// The BMC's host name stands for no address.
    case unresolved(host: String, String)
    /// The inventory's entry can't be used: the text says which key and why.
    case unusable(String)
    /// No session came about.
    case session(SessionFailure)
    /// No session was tried, since the BMC refused these credentials a while ago; it is asked
    /// again after `pause`.
    case heldBack(SessionFailure, pause: Duration)
    /// The BMC knows IPMI v1.5 alone.
    case versionOne
    /// The BMC speaks no cipher suite that may be used. `offered` is empty where it doesn't tell.
    case noCommonSuite(offered: [UInt8], allowed: [UInt8])
    /// The BMC answered and refuses.
    case refused(command: String, CompletionCode)
    /// The answer makes no sense.
    case malformed(command: String, IPMIWireError)
    /// The calling task was cancelled. `mayHaveActed` as with `silent`.
    case cancelled(mayHaveActed: Bool)
    /// The BMC was forgotten, or the network shut down.
    case closed

    /// Why a packet could not go out, or no socket be had.
    static func unsendable(_ error: any Error) -> IPMIFailure {
        let number = (error as? IOError)?.errnoCode
        return .unsendable(
            String(describing: error), isOurs: number.map(OwnShortage.isMeant) ?? false)
    }

    /// The first question to a BMC that nothing is known of.
    static let presence = "presence"
}
