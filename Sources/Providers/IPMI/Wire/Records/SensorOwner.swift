package import NIOCore

/// Which controller or software a sensor belongs to, or an event comes from (IPMI v2.0 43.1 bytes 6
/// and 7, 32.1 bytes 8 and 9).
package struct SensorOwner: WireValue {
    /// The BMC itself.
    package static let bmc = SensorOwner(id: LANRequest.bmcAddress)

    /// An I²C slave address in the upper seven bits, or with bit 0 set a software's ID (IPMI v2.0
    /// table 5-4).
    package var id: UInt8
    /// The channel by which the controller is reached; 0 is the primary IPMB.
    package var channel: UInt8
    /// The controller's logical unit.
    package var lun: UInt8

    package init(id: UInt8, channel: UInt8 = 0, lun: UInt8 = 0) {
        self.id = id
        self.channel = channel
        self.lun = lun
    }

    /// Whether it is software, which answers no command.
    package var isSoftware: Bool { id & 0x01 != 0 }
    /// Whether it is the BMC, which answers without a bridge, on any of its logical units.
    package var isBMC: Bool { id == LANRequest.bmcAddress }

    package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> SensorOwner {
        let id = try buffer.take("sensor owner", as: UInt8.self)
        let place = try buffer.take("sensor owner's LUN", as: UInt8.self)
        return SensorOwner(id: id, channel: place >> 4, lun: place & 0x03)
    }

    package func write(into buffer: inout ByteBuffer) {
        buffer.put(id)
        buffer.put(channel << 4 | lun & 0x03)
    }
}
