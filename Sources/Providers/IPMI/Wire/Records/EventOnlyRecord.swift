package import NIOCore

/// A sensor that sends events and can't be read (IPMI v2.0 43.3; record type 0x03).
package struct EventOnlyRecord: WireValue {
    package var owner: SensorOwner
    /// Which of the owner's sensors.
    package var number: UInt8
    /// The part that is watched.
    package var entity: EntityReference
    /// What is watched (IPMI v2.0 table 42-3).
    package var type: UInt8
    /// The kind of states (IPMI v2.0 table 42-1).
    package var eventType: UInt8
    package var sharing: RecordSharing
    package var oem: UInt8
    package var name: PackedText

    package init(
        owner: SensorOwner = .bmc, number: UInt8, entity: EntityReference, type: UInt8,
        eventType: UInt8, sharing: RecordSharing = RecordSharing(), oem: UInt8 = 0, name: PackedText
    ) {
        self.owner = owner
        self.number = number
        self.entity = entity
        self.type = type
        self.eventType = eventType
        self.sharing = sharing
        self.oem = oem
        self.name = name
    }

    package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> EventOnlyRecord
    {
        let owner = try SensorOwner.read(from: &buffer)
        let number = try buffer.take("sensor number", as: UInt8.self)
        let entity = try EntityReference.read(from: &buffer)
        let type = try buffer.take("sensor type", as: UInt8.self)
        let eventType = try buffer.take("event type", as: UInt8.self)
        let sharing = try RecordSharing.read(from: &buffer)
        try buffer.skip("reserved byte", count: 1)
        let oem = try buffer.take("OEM byte", as: UInt8.self)
        return EventOnlyRecord(
            owner: owner, number: number, entity: entity, type: type, eventType: eventType,
            sharing: sharing, oem: oem, name: try PackedText.read(from: &buffer))
    }

    package func write(into buffer: inout ByteBuffer) {
        owner.write(into: &buffer)
        buffer.put(number)
        entity.write(into: &buffer)
        buffer.put(type)
        buffer.put(eventType)
        sharing.write(into: &buffer)
        buffer.put(UInt8(0))
        buffer.put(oem)
        name.write(into: &buffer)
    }
}
