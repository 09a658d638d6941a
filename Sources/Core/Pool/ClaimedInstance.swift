/// A claim, and what is known of where its machine is.
public struct ClaimedInstance: Sendable {
    public let claim: Claim
    /// Nil if the inventory has not listed it since the start.
    public let device: Device?
    /// The device's name; nil for an instance that names none.
    public let name: String?
    /// Another instance whose device is the same machine.
    let twin: String?
}
