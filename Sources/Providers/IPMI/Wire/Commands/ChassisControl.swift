package import NIOCore

/// Has the system's power changed (IPMI v2.0 28.3). The BMC answers before the power has changed.
///
/// Not repeatable: whoever has no answer looks at the chassis status before asking again.
package struct ChassisControl: IPMICommand {
    package static let function = NetworkFunction.chassis
    package static let code: UInt8 = 0x02
    package static let name = "chassis control"
    package static let privilege = PrivilegeLevel.operator
    package static let isRepeatable = false

    /// What to do with the power.
    package var action: Action

    package init(_ action: Action) {
        self.action = action
    }

    /// The chassis status shows that the power is up or down; a cycle or a reset it does not show,
    /// and a shutdown only when the operating system is through with it.
    package var isSeenInStatus: Bool { action == .up || action == .down }

    package typealias Response = Nothing

    /// What can be done with the power (IPMI v2.0 28.3, table 28-4).
    package enum Action: UInt8, Hashable, Sendable, CaseIterable {
        /// Cuts the power at once.
        case down = 0
        /// Powers on.
        case up = 1
        /// Cuts the power, waits for at least a second, and powers on.
        case cycle = 2
        /// Pulls the reset line.
        case hardReset = 3
        /// Raises a non-maskable interrupt, on which an operating system writes a dump.
        case diagnosticInterrupt = 4
        /// Asks the operating system to shut down, as the power button does (ACPI).
        case softOff = 5
    }

    /// Throws `invalid` for a reserved action.
    package static func read(
        from buffer: inout ByteBuffer
    ) throws(IPMIWireError) -> ChassisControl {
        guard let action = Action(rawValue: try buffer.take("chassis control") & 0x0F) else {
            throw .invalid("chassis control")
        }
        return ChassisControl(action)
    }

    package func write(into buffer: inout ByteBuffer) {
        buffer.put(action.rawValue)
    }
}
