package import NIOCore

/// Asks what the BMC is and what it can do (IPMI v2.0 20.1).
package struct GetDeviceID: IPMICommand, EmptyWireValue {
    package static let function = NetworkFunction.application
    package static let code: UInt8 = 0x01
    package static let name = "get device ID"
    package static let privilege = PrivilegeLevel.user

    package init() {}

    /// What the BMC is (IPMI v2.0 20.1, table 20-2).
    package struct Response: WireValue {
        /// Told apart by the manufacturer's software only; 0 is unspecified.
        package var deviceID: UInt8
        /// The revision of the hardware; 4 bits.
        package var deviceRevision: UInt8
        /// Whether it has sensor data records of its own devices.
        package var providesSDRs: Bool
        /// Whether it is starting or updating its firmware, so that much of it does not work yet.
        package var isStarting: Bool
        /// The firmware's version before the point; 7 bits.
        package var firmwareMajor: UInt8
        /// The firmware's version after the point, two decimal digits (BCD).
        package var firmwareMinor: UInt8
        /// The version of IPMI, BCD with the digit after the point in the upper half: 0x02 is 2.0.
        package var ipmiVersion: UInt8
        /// What it can do beyond the mandatory.
        package var capabilities: Capabilities
        /// The manufacturer's number at the IANA (Private Enterprise Numbers); 20 bits.
        package var manufacturer: UInt32
        /// The manufacturer's number for the product.
        package var product: UInt16
        /// The manufacturer's further version numbers; 4 bytes, which not all BMCs send.
        package var auxiliaryFirmware: [UInt8]

        package init(
            deviceID: UInt8 = 0x20, deviceRevision: UInt8 = 1, providesSDRs: Bool = false,
            isStarting: Bool = false, firmwareMajor: UInt8, firmwareMinor: UInt8,
            ipmiVersion: UInt8 = 0x02, capabilities: Capabilities, manufacturer: UInt32,
            product: UInt16, auxiliaryFirmware: [UInt8] = []
        ) {
            self.deviceID = deviceID
            self.deviceRevision = deviceRevision
            self.providesSDRs = providesSDRs
            self.isStarting = isStarting
            self.firmwareMajor = firmwareMajor
            self.firmwareMinor = firmwareMinor
            self.ipmiVersion = ipmiVersion
            self.capabilities = capabilities
            self.manufacturer = manufacturer
            self.product = product
            self.auxiliaryFirmware = auxiliaryFirmware
        }

        /// The firmware's version as a person writes it: `3.07`.
        package var firmwareVersion: String {
            let minor = String(firmwareMinor, radix: 16)
            return "\(firmwareMajor).\(minor.count < 2 ? "0" : "")\(minor)"
        }

        package static func read(
            from buffer: inout ByteBuffer
        ) throws(IPMIWireError) -> Response {
            let deviceID: UInt8 = try buffer.take("device ID")
            let revision: UInt8 = try buffer.take("device revision")
            let major: UInt8 = try buffer.take("firmware revision 1")
            let minor: UInt8 = try buffer.take("firmware revision 2")
            let version: UInt8 = try buffer.take("IPMI version")
            let capabilities = Capabilities(rawValue: try buffer.take("additional device support"))
            let manufacturer = try buffer.takeBytes("manufacturer ID", count: 3)
            let product: UInt16 = try buffer.take("product ID")
            return Response(
                deviceID: deviceID, deviceRevision: revision & 0x0F,
                providesSDRs: revision & 0x80 != 0, isStarting: major & 0x80 != 0,
                firmwareMajor: major & 0x7F, firmwareMinor: minor, ipmiVersion: version,
                capabilities: capabilities,
                manufacturer: manufacturer.reversed().reduce(0) { $0 << 8 | UInt32($1) } & 0xFFFFF,
                product: product, auxiliaryFirmware: buffer.readBytes(length: 4) ?? [])
        }

        package func write(into buffer: inout ByteBuffer) {
            buffer.writeBytes([
                deviceID, deviceRevision & 0x0F | (providesSDRs ? 0x80 : 0),
                firmwareMajor & 0x7F | (isStarting ? 0x80 : 0), firmwareMinor, ipmiVersion,
                capabilities.rawValue,
                UInt8(truncatingIfNeeded: manufacturer),
                UInt8(truncatingIfNeeded: manufacturer >> 8),
                UInt8(truncatingIfNeeded: manufacturer >> 16) & 0x0F,
            ])
            buffer.put(product)
            buffer.writeBytes(auxiliaryFirmware)
        }
    }

    /// What a BMC can do beyond the mandatory (IPMI v2.0 20.1, additional device support).
    package struct Capabilities: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// It answers sensor commands.
        package static let sensors = Capabilities(rawValue: 0x01)
        /// It keeps the repository of sensor data records.
        package static let sdrRepository = Capabilities(rawValue: 0x02)
        /// It keeps the system event log.
        package static let eventLog = Capabilities(rawValue: 0x04)
        /// It keeps the inventory of field-replaceable units.
        package static let fruInventory = Capabilities(rawValue: 0x08)
        /// It takes events from other controllers.
        package static let eventReceiver = Capabilities(rawValue: 0x10)
        /// It sends events to other controllers.
        package static let eventGenerator = Capabilities(rawValue: 0x20)
        /// It passes messages on to other buses.
        package static let bridge = Capabilities(rawValue: 0x40)
        /// It answers chassis commands.
        package static let chassis = Capabilities(rawValue: 0x80)
    }
}
