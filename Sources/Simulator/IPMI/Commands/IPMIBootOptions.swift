internal import IPMIWire

/// The boot options that Redfish does not show; what to boot from is shared with it.
struct IPMIBootOptions: Sendable {
    /// Boot flags as they were written, and what Redfish showed then. They are read back as they
    /// were until that changes.
    struct Written: Sendable {
        let flags: BootFlags
        let shown: ShownBoot
    }

    /// After what time without a chassis control command flags are stale (IPMI v2.0 table 28-14,
    /// parameter 3).
    static let staleAfter: Duration = .seconds(60)

    var validityKept = BootParameter.ValidityKept()
    var unread = BootAcknowledge.Readers()
    var written: Written?
    /// Who is writing several parameters.
    var writer: UInt32?
    /// When the flags become stale, on the clock of ``IPMIMoment/uptime``; nil if they don't.
    var staleAt: Duration?

    /// Flags that were in force when the power was changed stay in force until the next boot.
    mutating func noteChassisControl() {
        staleAt = nil
    }
}
