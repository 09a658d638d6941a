internal import Core
internal import IPMIWire

/// A sensor of a machine, as its record describes it.
struct Sensor: Hashable, Sendable {
    /// By which sensors are told apart, and events find theirs.
    struct Key: Hashable, Sendable {
        var owner: SensorOwner
        var number: UInt8
    }

    /// How raw readings become numbers.
    struct Conversion: Hashable, Sendable {
        var units: SensorUnits
        var linearisation: Linearisation
        var factors: SensorFactors
    }

    var key: Key
    /// As the machine's maker names it: `CPU1 Temp`.
    var name: String
    /// The part that is watched.
    var entity: EntityReference
    /// What is watched (IPMI v2.0 table 42-3).
    var type: UInt8
    /// The kind of states (IPMI v2.0 table 42-1).
    var eventType: UInt8
    /// Which comparisons with thresholds a reading returns; all where the record names none.
    var comparisons: UInt8
    /// Which states a reading returns; all where the record names none.
    var states: UInt16
    /// Nil for a sensor without numbers.
    var conversion: Conversion?
    /// Whether it can be read at all.
    var canBeRead: Bool
    /// Whether the BMC is to look at it from its start on, by the sensor's record.
    var isScannedByRecord = true
    /// The limits that the BMC sets at its start, by the sensor's record.
    var limits = SensorLimits()

    var hasThresholds: Bool { eventType == EventCatalogue.thresholds }
    /// Whether the BMC answers for it itself.
    var isOfBMC: Bool { key.owner.isBMC && key.owner.channel == 0 }
    /// How bad its state can be at the worst: a full log breaks no machine.
    var worst: Health { type == 0x10 ? .warning : .critical }

    /// Whether it can show something critical.
    var canBeCritical: Bool {
        guard worst == .critical else { return false }
        guard !hasThresholds else {
            return SensorThreshold.allCases.contains {
                $0.health == .critical && comparisons & $0.bit != 0
            }
        }
        return (UInt8(0)..<15).contains { offset in
            states & 1 << UInt16(offset) != 0
                && EventCatalogue.meaning(
                    sensorType: type, eventType: eventType, offset: offset)?.health == .critical
        }
    }

    /// The value of a raw reading, by the record's factors unless others hold for it.
    func value(of raw: UInt8, factors: SensorFactors? = nil) -> Double? {
        guard let conversion else { return nil }
        return (factors ?? conversion.factors).value(
            of: raw, format: conversion.units.format, conversion.linearisation)
    }
}

extension Sensor {
    /// The sensors that a record describes: none, one, or several alike.
    static func sensors(of record: SensorDataRecord) -> [Sensor] {
        switch record.body {
        case .full(let full):
            [Sensor(full)]
        case .compact(let compact):
            (0..<max(1, compact.sharing.count)).map { Sensor(compact, index: $0) }
        case .eventOnly(let event):
            (0..<max(1, event.sharing.count)).map { Sensor(event, index: $0) }
        case .fruLocator, .controllerLocator, .other:
            []
        }
    }

    private init(_ record: FullSensorRecord) {
        let head = record.head
        let isAnalogue = head.units.format != .statesAlone
        self.init(
            head: head, number: head.number, name: record.name.text,
            conversion: isAnalogue
                ? Conversion(
                    units: head.units, linearisation: record.linearisation,
                    factors: record.factors) : nil)
        limits = SensorLimits(
            thresholds: record.thresholds,
            hysteresis: GetSensorHysteresis.Response(
                positive: record.positiveHysteresis, negative: record.negativeHysteresis))
    }

    private init(_ record: CompactSensorRecord, index: UInt8) {
        self.init(
            head: record.head, number: record.head.number &+ index,
            name: record.name.text + record.sharing.suffix(index), conversion: nil)
    }

    private init(_ record: EventOnlyRecord, index: UInt8) {
        self.init(
            key: Key(owner: record.owner, number: record.number &+ index),
            name: record.name.text + record.sharing.suffix(index), entity: record.entity,
            type: record.type,
            eventType: record.eventType, comparisons: 0x3F, states: 0x7FFF, conversion: nil,
            canBeRead: false)
    }

    private init(head: SensorHead, number: UInt8, name: String, conversion: Conversion?) {
        let key = Key(owner: head.owner, number: number)
        let returned = UInt8(head.assertionMask >> 12 & 7 | (head.deassertionMask >> 12 & 7) << 3)
        let comparisons = returned | UInt8(head.readingMask & 0x3F)
        let states = head.readingMask & 0x7FFF
        self.init(
            key: key, name: name.isEmpty ? Self.name(key, type: head.type) : name,
            entity: head.entity, type: head.type, eventType: head.eventType,
            comparisons: comparisons == 0 ? 0x3F : comparisons,
            states: states == 0 ? 0x7FFF : states, conversion: conversion,
            canBeRead: !head.owner.isSoftware, isScannedByRecord: head.initialisation & 0x01 != 0)
    }

    /// What a sensor is called that has no name.
    static func name(_ key: Key, type: UInt8) -> String {
        "\(EventCatalogue.name(ofType: type)) (sensor \(key.number))"
    }
}
