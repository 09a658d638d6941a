package import NIOCore

/// A management controller and what it can do (IPMI v2.0 43.9; record type 0x12).
package struct ControllerLocatorRecord: WireValue {
    /// Its slave address in the upper seven bits.
    package var address: UInt8
    /// The channel by which it is reached.
    package var channel: UInt8
    /// What it is told of power states, and how it is set up.
    package var initialisation: UInt8
    /// Chassis (bit 7), bridge (6), event generator (5), event receiver (4), FRU inventory (3), event
    /// log (2), SDR repository (1), sensors (0).
    package var capabilities: UInt8
    /// The part that it is on.
    package var entity: EntityReference
    package var oem: UInt8
    package var name: PackedText

    package init(
        address: UInt8 = LANRequest.bmcAddress, channel: UInt8 = 0, initialisation: UInt8 = 0,
        capabilities: UInt8, entity: EntityReference, oem: UInt8 = 0, name: PackedText
    ) {
        self.address = address
        self.channel = channel
        self.initialisation = initialisation
        self.capabilities = capabilities
        self.entity = entity
        self.oem = oem
        self.name = name
    }

    package static func read(
        from buffer: inout ByteBuffer
    ) throws(IPMIWireError) -> ControllerLocatorRecord {
        let head = try buffer.takeBytes("controller's place", count: 4)
        try buffer.skip("reserved bytes", count: 3)
        let entity = try EntityReference.read(from: &buffer)
        let oem = try buffer.take("OEM byte", as: UInt8.self)
        return ControllerLocatorRecord(
            address: head[0] & 0xFE, channel: head[1] & 0x0F, initialisation: head[2],
            capabilities: head[3], entity: entity, oem: oem,
            name: try PackedText.read(from: &buffer))
    }

    package func write(into buffer: inout ByteBuffer) {
        buffer.writeBytes([
            address & 0xFE, channel & 0x0F, initialisation, capabilities, 0, 0, 0,
        ])
        entity.write(into: &buffer)
        buffer.put(oem)
        name.write(into: &buffer)
    }
}
