/// A device with the claim that was made on it.
public struct ClaimedDevice: Sendable {
    public let device: Device
    public let claim: Claim
}
