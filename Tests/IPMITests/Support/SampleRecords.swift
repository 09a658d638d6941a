import IPMIWire

/// Sensor records as a machine may hold them.
enum SampleRecords {
    /// Raw limits that every sensor with numbers has here.
    static let thresholds = SensorThresholds(
        lowerNonCritical: 10, lowerCritical: 5, lowerNonRecoverable: 2, upperNonCritical: 90,
        upperCritical: 95, upperNonRecoverable: 100)

    /// A temperature in °C, with upper thresholds.
    static func temperature(_ id: UInt16, _ number: UInt8, _ name: String) -> SensorDataRecord {
        analogue(id, number, name, type: 0x01, unit: 1, factors: SensorFactors(multiplier: 1))
    }

    /// A fan in rpm; a raw count is 100.
    static func fan(_ id: UInt16, _ number: UInt8, _ name: String) -> SensorDataRecord {
        analogue(id, number, name, type: 0x04, unit: 18, factors: SensorFactors(multiplier: 100))
    }

    static func analogue(
        _ id: UInt16, _ number: UInt8, _ name: String, type: UInt8, unit: UInt8,
        factors: SensorFactors, linearisation: Linearisation = .linear
    ) -> SensorDataRecord {
        let head = SensorHead(
            number: number, entity: EntityReference(id: 3, instance: 1), type: type,
            eventType: 0x01, readingMask: 0x3F3F, units: SensorUnits(base: unit))
        return SensorDataRecord(
            id: id,
            body: .full(
                FullSensorRecord(
                    head: head, linearisation: linearisation, factors: factors,
                    thresholds: thresholds, name: PackedText(name))))
    }

    /// A sensor with the states of its type.
    static func states(
        _ id: UInt16, _ number: UInt8, _ name: String, type: UInt8, eventType: UInt8 = 0x6F,
        owner: SensorOwner = .bmc
    ) -> SensorDataRecord {
        let head = SensorHead(
            owner: owner, number: number, entity: EntityReference(id: 10, instance: 1),
            type: type, eventType: eventType, readingMask: 0x7FFF,
            units: SensorUnits(format: .statesAlone))
        return SensorDataRecord(
            id: id, body: .compact(CompactSensorRecord(head: head, name: PackedText(name))))
    }

    /// A module that sends events and can't be read.
    static func memory(_ id: UInt16, _ number: UInt8, _ name: String) -> SensorDataRecord {
        SensorDataRecord(
            id: id,
            body: .eventOnly(
                EventOnlyRecord(
                    number: number, entity: EntityReference(id: 32, instance: 1), type: 0x0C,
                    eventType: 0x6F, name: PackedText(name))))
    }
}
