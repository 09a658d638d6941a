package import NIOCore

/// Where a part's inventory is (IPMI v2.0 43.8; record type 0x11).
package struct FRULocatorRecord: WireValue {
    /// The slave address of the controller that is asked for it, in the upper seven bits.
    package var controller: UInt8
    /// The FRU device ID for the FRU commands; a slave address if `isLogical` is false.
    package var device: UInt8
    /// Whether the FRU commands reach it.
    package var isLogical: Bool
    /// The controller's logical unit for it.
    package var lun: UInt8
    /// The bus behind the controller; 0 for a logical device.
    package var bus: UInt8
    /// The channel by which the controller is reached.
    package var channel: UInt8
    /// What holds the inventory (IPMI v2.0 table 43-12); 0x10 is a FRU behind commands.
    package var deviceType: UInt8
    package var deviceTypeModifier: UInt8
    /// The part.
    package var entity: EntityReference
    package var oem: UInt8
    package var name: PackedText

    package init(
        controller: UInt8 = LANRequest.bmcAddress, device: UInt8, isLogical: Bool = true,
        lun: UInt8 = 0, bus: UInt8 = 0, channel: UInt8 = 0, deviceType: UInt8 = 0x10,
        deviceTypeModifier: UInt8 = 0, entity: EntityReference, oem: UInt8 = 0, name: PackedText
    ) {
        self.controller = controller
        self.device = device
        self.isLogical = isLogical
        self.lun = lun
        self.bus = bus
        self.channel = channel
        self.deviceType = deviceType
        self.deviceTypeModifier = deviceTypeModifier
        self.entity = entity
        self.oem = oem
        self.name = name
    }

    package static func read(
        from buffer: inout ByteBuffer
    ) throws(IPMIWireError) -> FRULocatorRecord {
        let place = try buffer.takeBytes("FRU device's place", count: 4)
        try buffer.skip("reserved byte", count: 1)
        let type = try buffer.take("FRU device type", as: UInt8.self)
        let modifier = try buffer.take("FRU device type modifier", as: UInt8.self)
        let entity = try EntityReference.read(from: &buffer)
        let oem = try buffer.take("OEM byte", as: UInt8.self)
        return FRULocatorRecord(
            controller: place[0] & 0xFE, device: place[1], isLogical: place[2] & 0x80 != 0,
            lun: place[2] >> 3 & 0x03, bus: place[2] & 0x07, channel: place[3] >> 4,
            deviceType: type, deviceTypeModifier: modifier, entity: entity, oem: oem,
            name: try PackedText.read(from: &buffer))
    }

    package func write(into buffer: inout ByteBuffer) {
        buffer.writeBytes([
            controller & 0xFE, device, (isLogical ? 0x80 : 0) | (lun & 0x03) << 3 | bus & 0x07,
            channel << 4, 0, deviceType, deviceTypeModifier,
        ])
        entity.write(into: &buffer)
        buffer.put(oem)
        name.write(into: &buffer)
    }
}
