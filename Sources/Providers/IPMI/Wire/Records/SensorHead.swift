package import NIOCore

/// What full and compact sensor records begin with (IPMI v2.0 43.1 and 43.2, bytes 6 to 23).
package struct SensorHead: WireValue {
    package var owner: SensorOwner
    /// Which of the owner's sensors.
    package var number: UInt8
    /// The part that is watched.
    package var entity: EntityReference
    /// What is set up when the BMC starts, and what is enabled then.
    package var initialisation: UInt8
    /// Whether the sensor is to be ignored when its part is absent, how it is re-armed, what
    /// thresholds and hysteresis can be read and set, and how events are enabled.
    package var capabilities: UInt8
    /// What is watched (IPMI v2.0 table 42-3).
    package var type: UInt8
    /// The kind of states: 0x01 thresholds, 0x6F those of the type (IPMI v2.0 table 42-1).
    package var eventType: UInt8
    /// Which events are sent when a state begins; for thresholds, bits 14:12 tell which lower
    /// comparisons a reading returns.
    package var assertionMask: UInt16
    /// Which events are sent when a state ends; for thresholds, bits 14:12 tell which upper
    /// comparisons a reading returns.
    package var deassertionMask: UInt16
    /// Which states a reading returns; for thresholds, which can be read (bit 0 to 5) and set (bit
    /// 8 to 13).
    package var readingMask: UInt16
    package var units: SensorUnits

    package init(
        owner: SensorOwner = .bmc, number: UInt8, entity: EntityReference,
        initialisation: UInt8 = 0x7F, capabilities: UInt8 = 0x68, type: UInt8, eventType: UInt8,
        assertionMask: UInt16 = 0, deassertionMask: UInt16 = 0, readingMask: UInt16,
        units: SensorUnits
    ) {
        self.owner = owner
        self.number = number
        self.entity = entity
        self.initialisation = initialisation
        self.capabilities = capabilities
        self.type = type
        self.eventType = eventType
        self.assertionMask = assertionMask
        self.deassertionMask = deassertionMask
        self.readingMask = readingMask
        self.units = units
    }

    /// Whether the sensor compares a reading with thresholds.
    package var hasThresholds: Bool { eventType == 0x01 }

    package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> SensorHead {
        let owner = try SensorOwner.read(from: &buffer)
        let number = try buffer.take("sensor number", as: UInt8.self)
        let entity = try EntityReference.read(from: &buffer)
        let initialisation = try buffer.take("sensor initialisation", as: UInt8.self)
        let capabilities = try buffer.take("sensor capabilities", as: UInt8.self)
        let type = try buffer.take("sensor type", as: UInt8.self)
        let eventType = try buffer.take("event type", as: UInt8.self)
        let assertion = try buffer.take("assertion mask", as: UInt16.self)
        let deassertion = try buffer.take("deassertion mask", as: UInt16.self)
        let reading = try buffer.take("reading mask", as: UInt16.self)
        return SensorHead(
            owner: owner, number: number, entity: entity, initialisation: initialisation,
            capabilities: capabilities, type: type, eventType: eventType,
            assertionMask: assertion, deassertionMask: deassertion, readingMask: reading,
            units: try SensorUnits.read(from: &buffer))
    }

    package func write(into buffer: inout ByteBuffer) {
        owner.write(into: &buffer)
        buffer.put(number)
        entity.write(into: &buffer)
        buffer.put(initialisation)
        buffer.put(capabilities)
        buffer.put(type)
        buffer.put(eventType)
        buffer.put(assertionMask)
        buffer.put(deassertionMask)
        buffer.put(readingMask)
        units.write(into: &buffer)
    }
}
