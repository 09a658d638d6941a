internal import IPMIWire

/// A sensor as a simulated BMC shows it over IPMI.
struct SimulatedSensor: Sendable {
    enum Kind: Sendable, Hashable {
        case temperature
        /// In revolutions a minute.
        case fan
        /// In percent of the full speed.
        case fanShare
        case voltage
        /// States alone: present, failed, about to fail, without input.
        case powerSupply
    }

    let name: String
    let kind: Kind
    /// In the kind's unit, or a power supply's states; nil for a part that is absent.
    let reading: Double?
    let limits: [SensorThreshold: Double]
    /// Which of its kind, from 1.
    var instance: UInt8 = 1
    private let scale: SensorScale

    init(name: String, kind: Kind, reading: Double?, limits: [SensorThreshold: Double] = [:]) {
        self.name = name
        self.kind = kind
        self.reading = reading
        self.limits = limits
        let largest = limits.values.reduce(reading ?? 0, max)
        scale = SensorScale(kind, largest: largest)
    }

    /// A power supply's states (IPMI v2.0 table 42-3, sensor type 0x08).
    struct SupplyStates: OptionSet, Hashable, Sendable {
        let rawValue: UInt16

        static let present = SupplyStates(rawValue: 0x01)
        static let failed = SupplyStates(rawValue: 0x02)
        static let failing = SupplyStates(rawValue: 0x04)
        static let inputLost = SupplyStates(rawValue: 0x08)
    }

    var hasThresholds: Bool { kind != .powerSupply }

    /// Whether it shows nothing while the system is off.
    var needsPower: Bool {
        switch kind {
        case .fan, .fanShare, .voltage: true
        case .temperature, .powerSupply: false
        }
    }

    /// IPMI v2.0 table 42-3.
    var type: UInt8 {
        switch kind {
        case .temperature: 0x01
        case .voltage: 0x02
        case .fan, .fanShare: 0x04
        case .powerSupply: 0x08
        }
    }

    /// IPMI v2.0 table 42-1: thresholds, or the type's own states.
    var eventType: UInt8 { hasThresholds ? 0x01 : 0x6F }

    func raw(_ value: Double) -> UInt8 { scale.raw(value) }

    var thresholds: SensorThresholds {
        var thresholds = SensorThresholds()
        for (threshold, limit) in limits { thresholds[threshold] = raw(limit) }
        return thresholds
    }

    /// The comparisons that hold for a reading, or a power supply's states (IPMI v2.0 35.14).
    func states(at reading: Double) -> UInt16 {
        guard hasThresholds else { return UInt16(reading) }
        let raw = raw(reading)
        return SensorThreshold.allCases.reduce(0) { states, threshold in
            guard let limit = thresholds[threshold],
                threshold.isUpper ? raw >= limit : raw <= limit
            else { return states }
            return states | UInt16(threshold.bit)
        }
    }

    /// Describes the sensor.
    func record(number: UInt8) -> SensorDataRecord.Body {
        let mask = UInt16(thresholds.mask)
        let head = SensorHead(
            number: number, entity: EntityReference(id: entity, instance: instance), type: type,
            eventType: eventType, assertionMask: hasThresholds ? eventMask | mask << 12 : 0x0F,
            deassertionMask: hasThresholds ? eventMask | (mask >> 3) << 12 : 0x0F,
            readingMask: hasThresholds ? mask : 0x0F, units: units)
        let name = PackedText(String(name.prefix(16)))
        guard hasThresholds else { return .compact(CompactSensorRecord(head: head, name: name)) }
        return .full(
            FullSensorRecord(
                head: head, factors: scale.factors, nominal: reading.map(raw),
                thresholds: thresholds, positiveHysteresis: 1, negativeHysteresis: 1, name: name))
    }

    /// The events that the limits come to, low going low and high going high (IPMI v2.0 table 42-2).
    private var eventMask: UInt16 {
        limits.keys.reduce(0) { $0 | 1 << UInt16($1.eventOffset) }
    }

    private var units: SensorUnits {
        switch kind {
        case .temperature: SensorUnits(base: 1)
        case .voltage: SensorUnits(base: 4)
        case .fan: SensorUnits(base: 18)
        case .fanShare: SensorUnits(isPercentage: true)
        case .powerSupply: SensorUnits(format: .statesAlone)
        }
    }

    /// IPMI v2.0 table 43-13.
    private var entity: UInt8 {
        switch kind {
        case .temperature where name.uppercased().hasPrefix("CPU"): 3
        case .temperature where ["intake", "inlet"].contains { name.lowercased().contains($0) }: 55
        case .temperature, .voltage: 7
        case .fan, .fanShare: 29
        case .powerSupply: 10
        }
    }
}

extension SensorThreshold {
    /// The event of a reading that crosses it for the worse (IPMI v2.0 table 42-2).
    var eventOffset: UInt8 {
        isUpper ? 7 + 2 * (rawValue - 3) : 2 * rawValue
    }
}
