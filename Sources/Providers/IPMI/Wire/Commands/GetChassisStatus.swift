package import NIOCore

/// Asks whether the system is powered, and what is wrong with its power, cooling and drives
/// (IPMI v2.0 28.2).
package struct GetChassisStatus: IPMICommand, EmptyWireValue {
    package static let function = NetworkFunction.chassis
    package static let code: UInt8 = 0x01
    package static let name = "get chassis status"
    package static let privilege = PrivilegeLevel.user

    package init() {}

    /// The chassis as it is now (IPMI v2.0 28.2, table 28-3).
    package struct Response: WireValue {
        /// Whether the system is powered.
        package var isOn: Bool
        /// What is wrong with the power now.
        package var powerFaults: PowerFaults
        /// What happens when mains power comes back.
        package var restorePolicy: RestorePolicy
        /// How the power went on or off the last time.
        package var lastPowerEvent: LastPowerEvent
        /// What is wrong with, or open at, the rest of the chassis.
        package var conditions: Conditions
        /// What the identify light does; nil where the BMC does not tell.
        package var identify: Identify?
        /// Which buttons are, and may be, locked; nil where the BMC does not tell.
        package var frontPanel: FrontPanel?

        package init(
            isOn: Bool, powerFaults: PowerFaults = [], restorePolicy: RestorePolicy = .unknown,
            lastPowerEvent: LastPowerEvent = [], conditions: Conditions = [],
            identify: Identify? = nil, frontPanel: FrontPanel? = nil
        ) {
            self.isOn = isOn
            self.powerFaults = powerFaults
            self.restorePolicy = restorePolicy
            self.lastPowerEvent = lastPowerEvent
            self.conditions = conditions
            self.identify = identify
            self.frontPanel = frontPanel
        }

        package static func read(
            from buffer: inout ByteBuffer
        ) throws(IPMIWireError) -> Response {
            let power: UInt8 = try buffer.take("current power state")
            let event: UInt8 = try buffer.take("last power event")
            let chassis: UInt8 = try buffer.take("chassis state")
            return Response(
                isOn: power & 0x01 != 0,
                powerFaults: PowerFaults(rawValue: power & PowerFaults.mask),
                restorePolicy: RestorePolicy(rawValue: power >> 5 & 0x03) ?? .unknown,
                lastPowerEvent: LastPowerEvent(rawValue: event & LastPowerEvent.mask),
                conditions: Conditions(rawValue: chassis & Conditions.mask),
                identify: chassis & 0x40 == 0 ? nil : Identify(rawValue: chassis >> 4 & 0x03),
                frontPanel: buffer.readInteger(as: UInt8.self).map(FrontPanel.init))
        }

        package func write(into buffer: inout ByteBuffer) {
            let light = identify.map { 0x40 | $0.rawValue << 4 } ?? 0
            buffer.writeBytes([
                (isOn ? 1 : 0) | powerFaults.rawValue & PowerFaults.mask
                    | restorePolicy.rawValue << 5,
                lastPowerEvent.rawValue & LastPowerEvent.mask,
                conditions.rawValue & Conditions.mask | light,
            ])
            if let frontPanel { buffer.put(frontPanel.rawValue) }
        }
    }

    /// What is wrong with the power (IPMI v2.0 28.2, current power state).
    package struct PowerFaults: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// The system was shut down for drawing too much.
        package static let overload = PowerFaults(rawValue: 0x02)
        /// The system was shut down because an interlock is open, as when a panel is missing.
        package static let interlock = PowerFaults(rawValue: 0x04)
        /// A fault was found in the main power subsystem.
        package static let fault = PowerFaults(rawValue: 0x08)
        /// The BMC tried to turn the system on or off, and it did not go.
        package static let controlFault = PowerFaults(rawValue: 0x10)

        fileprivate static let mask: UInt8 = 0x1E
    }

    /// What happens when mains power comes back (IPMI v2.0 28.2, power restore policy).
    package enum RestorePolicy: UInt8, Hashable, Sendable, CaseIterable {
        case staysOff = 0
        /// The system goes back to the state in which it lost power.
        case restored = 1
        case turnsOn = 2
        case unknown = 3
    }

    /// How the power went on or off the last time (IPMI v2.0 28.2, last power event).
    package struct LastPowerEvent: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Mains power failed.
        package static let mainsFailed = LastPowerEvent(rawValue: 0x01)
        /// It went off for drawing too much.
        package static let overload = LastPowerEvent(rawValue: 0x02)
        /// It went off because an interlock was opened.
        package static let interlock = LastPowerEvent(rawValue: 0x04)
        /// It went off because of a fault in the power subsystem.
        package static let fault = LastPowerEvent(rawValue: 0x08)
        /// It went on by an IPMI command.
        package static let onByCommand = LastPowerEvent(rawValue: 0x10)

        fileprivate static let mask: UInt8 = 0x1F
    }

    /// What is wrong with, or open at, the chassis (IPMI v2.0 28.2, misc. chassis state).
    package struct Conditions: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// The chassis is open.
        package static let intrusion = Conditions(rawValue: 0x01)
        /// The power and reset buttons are locked.
        package static let frontPanelLocked = Conditions(rawValue: 0x02)
        /// A drive is faulty.
        package static let driveFault = Conditions(rawValue: 0x04)
        /// A fan, or the cooling, is faulty.
        package static let coolingFault = Conditions(rawValue: 0x08)

        fileprivate static let mask: UInt8 = 0x0F
    }

    /// What the identify light does (IPMI v2.0 28.2, chassis identify state).
    package enum Identify: UInt8, Hashable, Sendable, CaseIterable {
        case off = 0
        /// On until a time is over.
        case timed = 1
        /// On until it is turned off.
        case indefinite = 2
    }

    /// Which buttons are locked, and which may be (IPMI v2.0 28.2, front panel button
    /// capabilities).
    package struct FrontPanel: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// The button that powers off does nothing.
        package static let powerOffLocked = FrontPanel(rawValue: 0x01)
        /// The reset button does nothing.
        package static let resetLocked = FrontPanel(rawValue: 0x02)
        /// The button for a diagnostic interrupt does nothing.
        package static let diagnosticLocked = FrontPanel(rawValue: 0x04)
        /// The standby (sleep) button does nothing.
        package static let standbyLocked = FrontPanel(rawValue: 0x08)
        /// The button that powers off can be locked.
        package static let powerOffLockable = FrontPanel(rawValue: 0x10)
        /// The reset button can be locked.
        package static let resetLockable = FrontPanel(rawValue: 0x20)
        /// The button for a diagnostic interrupt can be locked.
        package static let diagnosticLockable = FrontPanel(rawValue: 0x40)
        /// The standby (sleep) button can be locked.
        package static let standbyLockable = FrontPanel(rawValue: 0x80)
    }
}
