internal import IPMIWire

/// What a simulated BMC knows that only IPMI shows.
struct IPMIState: Sendable {
    var end: ManagedEnd
    /// The address that the BMC listens on, four bytes.
    var address: [UInt8] = [127, 0, 0, 1]
    var log = EventLog()
    /// The last reservation of the sensor data records; 0 before the first.
    var recordReservation: UInt16 = 0
    private var lastReservation: UInt16 = 0
    var boot = IPMIBootOptions()
    var identify = ChassisIdentification.off
    var restorePolicy = GetChassisStatus.RestorePolicy.staysOff
    /// Whether the power went on last because IPMI said so.
    var wasPoweredOnByCommand = false

    init(access: IPMIAccess) {
        end = ManagedEnd(access: access)
    }

    /// A number that differs from the last ones; never 0.
    mutating func freshReservation() -> UInt16 {
        lastReservation = lastReservation == .max ? 1 : lastReservation + 1
        return lastReservation
    }
}
