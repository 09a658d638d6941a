package import NIOCore

/// One of the parameters by which the system's firmware is told how to boot (IPMI v2.0 28.12,
/// table 28-14).
package enum BootParameter: Hashable, Sendable {
    /// Parameter 0: keeps others from writing while one writes several.
    case setInProgress(SetInProgress)
    /// Parameter 3: what does not take the boot flags' validity away.
    case validityKept(ValidityKept)
    /// Parameter 4: who has read the boot flags.
    case acknowledge(BootAcknowledge)
    /// Parameter 5: what to boot from.
    case flags(BootFlags)
    /// Any other parameter, or one without its data, by which only its validity is changed.
    case other(number: UInt8, data: [UInt8])

    package static let setInProgressNumber: UInt8 = 0
    package static let validityKeptNumber: UInt8 = 3
    package static let acknowledgeNumber: UInt8 = 4
    package static let flagsNumber: UInt8 = 5

    /// The parameter's number, 7 bits.
    package var number: UInt8 {
        switch self {
        case .setInProgress: Self.setInProgressNumber
        case .validityKept: Self.validityKeptNumber
        case .acknowledge: Self.acknowledgeNumber
        case .flags: Self.flagsNumber
        case .other(let number, _): number
        }
    }

    /// Reads the data of the parameter with a number.
    package static func read(
        number: UInt8, from buffer: inout ByteBuffer
    ) throws(IPMIWireError) -> BootParameter {
        let isEmpty = buffer.readableBytes == 0
        switch number {
        case setInProgressNumber where !isEmpty:
            let value: UInt8 = try buffer.take("set in progress")
            guard let state = SetInProgress(rawValue: value & 0x03) else {
                throw .invalid("set in progress")
            }
            return .setInProgress(state)
        case validityKeptNumber where !isEmpty:
            return .validityKept(
                ValidityKept(rawValue: try buffer.take("valid bit clearing") & 0x1F))
        case acknowledgeNumber where !isEmpty:
            return .acknowledge(try BootAcknowledge.read(from: &buffer))
        case flagsNumber where !isEmpty:
            return .flags(try BootFlags.read(from: &buffer))
        default:
            let data = buffer.unread
            buffer.moveReaderIndex(to: buffer.writerIndex)
            return .other(number: number, data: data)
        }
    }

    /// Writes the parameter's data, without its number.
    package func write(into buffer: inout ByteBuffer) {
        switch self {
        case .setInProgress(let state): buffer.put(state.rawValue)
        case .validityKept(let events): buffer.put(events.rawValue)
        case .acknowledge(let value): value.write(into: &buffer)
        case .flags(let flags): flags.write(into: &buffer)
        case .other(_, let data): buffer.writeBytes(data)
        }
    }

    /// Whether somebody is writing several parameters (IPMI v2.0 table 28-14, parameter 0).
    package enum SetInProgress: UInt8, Hashable, Sendable, CaseIterable {
        /// Nobody is, and what was written holds.
        case complete = 0
        /// Somebody is.
        case inProgress = 1
        /// What was written is to be taken over; an option that few BMCs have.
        case commit = 2
    }

    /// After what the boot flags stay valid, though a BMC would else take them for stale (IPMI v2.0
    /// table 28-14, parameter 3).
    package struct ValidityKept: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Powering up by the power button or a wake event.
        package static let powerButton = ValidityKept(rawValue: 0x01)
        /// A reset by the reset button, or one that the software asked for.
        package static let resetButton = ValidityKept(rawValue: 0x02)
        /// A reset or power cycle by the watchdog.
        package static let watchdog = ValidityKept(rawValue: 0x04)
        /// A minute without a chassis control command.
        package static let timeout = ValidityKept(rawValue: 0x08)
        /// A reset or power cycle by an event filter (PEF).
        package static let eventFilter = ValidityKept(rawValue: 0x10)
    }
}
