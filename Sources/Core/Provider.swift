public import Foundation

/// A way to talk to one kind of BMC.
///
/// A provider carries out single steps and reports what the BMC said; waiting, confirming,
/// retrying and deciding are the business of ``PoolManager``. All calls may be made concurrently,
/// for one device too; a provider keeps at most one request in flight per BMC. Cancelling the
/// calling task aborts the exchange. Every failure is thrown as ``ProviderError``.
public protocol Provider: Sendable {
    /// One routine look: power and health. It takes one or two requests where the BMC sums its
    /// health up; where it does not, as over IPMI, a bounded share of what there is to read, and
    /// what looks before it found.
    func observe(_ device: Device) async throws(ProviderError) -> Observation

    /// A routine look that also weighs what the BMC's log says has happened since the device was
    /// claimed, if the provider's routine looks read logs. What happened before is the former
    /// user's story, and may have been repaired.
    /// - Parameter claimedAt: when the present claim was made, by this machine's clock; nil if
    ///   there is none, or nobody knows when.
    func observe(
        _ device: Device, claimedAt: Date?
    ) async throws(ProviderError) -> Observation

    /// A deep look, for audits and for the reasons of a bad health: every part that the BMC shows.
    /// It may take hundreds of requests and minutes; both are bounded, and the report says what
    /// was left out.
    /// - Parameter lookingBack: how far back in the BMC's logs, by the BMC's own clock.
    func examine(
        _ device: Device, lookingBack: Duration
    ) async throws(ProviderError) -> HealthReport

    /// What the machine is made of.
    func facts(of device: Device) async throws(ProviderError) -> Facts

    /// Has the BMC change the power state. Returns once the BMC has accepted the command, which
    /// is before the power state has changed. The command is sent whatever the BMC shows, for what
    /// it shows may be old; a device that is in the wanted state already is no error.
    ///
    /// - Throws: `refused` for a cycle or a reset of a device that is off;
    ///   ``ProviderError/isIncapable`` is set if the BMC has no such command.
    func setPower(_ command: PowerCommand, of device: Device) async throws(ProviderError)

    /// Chooses what the device boots from next.
    func setBoot(_ boot: BootOverride, of device: Device) async throws(ProviderError)

    /// Undoes ``setBoot(_:of:)``; a device without an override is left alone.
    func clearBoot(of device: Device) async throws(ProviderError)

    /// Presents an image to the device as a medium in a drive, and returns when the BMC shows it
    /// there. One that is there already stays. What somebody else put in is not touched.
    ///
    /// - Throws: `refused` if no drive is free, saying what is in it;
    ///   ``ProviderError/isIncapable`` is set if the device has no drive for such a medium.
    func insertMedia(_ image: MediaImage, into device: Device) async throws(ProviderError)

    /// Undoes ``insertMedia(_:into:)``, and returns when the BMC shows the image no more. A device
    /// that does not hold the image is left alone, whatever else is in its drives.
    func ejectMedia(_ image: MediaImage, from device: Device) async throws(ProviderError)

    /// Drops what is held for a device (connections, sessions, cached resources), because it left
    /// the inventory or its BMC's address or credentials changed.
    func forget(_ device: Device) async

    /// Ends all sessions with BMCs. No other call follows.
    func shutdown() async
}

extension Provider {
    /// A routine look of a provider that finds faults without the BMC's log.
    public func observe(
        _ device: Device, claimedAt: Date?
    ) async throws(ProviderError) -> Observation {
        try await observe(device)
    }

    /// A deep look that reads the logs of the last 24 hours.
    public func examine(_ device: Device) async throws(ProviderError) -> HealthReport {
        try await examine(device, lookingBack: .seconds(24 * 3600))
    }
}

/// A kind of BMC that has no virtual media.
extension Provider {
    public func insertMedia(
        _ image: MediaImage, into device: Device
    ) async throws(ProviderError) {
        throw ProviderError(
            .refused,
            "insert \(image.displayed) refused: the provider \(device.provider) has no"
                + " virtual media", isIncapable: true)
    }

    public func ejectMedia(
        _ image: MediaImage, from device: Device
    ) async throws(ProviderError) {}
}

/// Why a BMC did not do what it was asked.
public struct ProviderError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Kind: String, Sendable, Hashable {
        /// No connection, or it broke, or no answer came in time.
        case unreachable
        /// The BMC answered, and the answer says that trying again is worthwhile (busy, rebooting).
        case busy
        /// User name or password, or the privilege, was not accepted.
        case unauthorised
        /// The BMC's certificate is not one that the inventory accepts, or the two sides have no
        /// protocol or cipher in common.
        case untrusted
        /// The BMC understood and refuses.
        case refused
        /// The answer makes no sense.
        case malformed
        /// This machine lacks what it takes to ask: descriptors, memory, threads, a route at all,
        /// an address for the BMC's name. It says nothing about the BMC, and counts against nobody.
        case shortage
    }

    public let kind: Kind
    /// What was tried, what came back and what is possible instead:
    /// `power on refused: 400 Base.1.8.ActionParameterNotSupported: …; it allows: On, ForceOff`.
    /// Names neither the device nor its address: see ``Device/described(_:)``. Holds no secret.
    public let message: String
    /// Whether the BMC may have carried out the command all the same, because it was sent and no
    /// answer came back.
    public let mayHaveActed: Bool
    /// Whether the device lacks what it takes, so that it is no use asking again.
    public let isIncapable: Bool
    /// Whether the inventory has to say more, or something else, before the BMC can be asked.
    public let isOfInventory: Bool

    public init(
        _ kind: Kind, _ message: String, mayHaveActed: Bool = false, isIncapable: Bool = false,
        isOfInventory: Bool = false
    ) {
        self.kind = kind
        self.message = message
        self.mayHaveActed = mayHaveActed
        self.isIncapable = isIncapable
        self.isOfInventory = isOfInventory
    }

    public var description: String { message }

    /// Whether nothing is known for now, and the same request may well say more a little later: the
    /// BMC asks for patience, or we have not asked it.
    public var isInconclusive: Bool { kind == .busy || kind == .shortage }

    /// Whether no answer came, whoever is to blame for that.
    public var isUnanswered: Bool { kind == .unreachable || kind == .shortage }

    /// Whether the BMC is there and does not let us in, which is the operator's to mend: see
    /// ``Health/refused``.
    public var isRefusedAccess: Bool { kind == .unauthorised || kind == .untrusted }
}
