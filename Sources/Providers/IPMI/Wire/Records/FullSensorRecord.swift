package import NIOCore

/// A sensor that shows numbers, or one with everything that there is to say of it (IPMI v2.0 43.1;
/// record type 0x01).
package struct FullSensorRecord: WireValue {
    package var head: SensorHead
    /// The function that follows the factors (IPMI v2.0 table 43-1, byte 24).
    package var linearisation: Linearisation
    package var factors: SensorFactors
    /// A raw reading that is usual; nil if not said.
    package var nominal: UInt8?
    package var normalMaximum: UInt8?
    package var normalMinimum: UInt8?
    /// The highest raw reading that there can be.
    package var maximum: UInt8
    package var minimum: UInt8
    /// As the BMC sets them when it starts; present ones are asked for.
    package var thresholds: SensorThresholds
    /// Raw counts by which a reading comes back below an upper threshold before it is well.
    package var positiveHysteresis: UInt8
    package var negativeHysteresis: UInt8
    package var oem: UInt8
    package var name: PackedText

    package init(
        head: SensorHead, linearisation: Linearisation = .linear, factors: SensorFactors,
        nominal: UInt8? = nil, normalMaximum: UInt8? = nil, normalMinimum: UInt8? = nil,
        maximum: UInt8 = 0xFF, minimum: UInt8 = 0, thresholds: SensorThresholds,
        positiveHysteresis: UInt8 = 0, negativeHysteresis: UInt8 = 0, oem: UInt8 = 0,
        name: PackedText
    ) {
        self.head = head
        self.linearisation = linearisation
        self.factors = factors
        self.nominal = nominal
        self.normalMaximum = normalMaximum
        self.normalMinimum = normalMinimum
        self.maximum = maximum
        self.minimum = minimum
        self.thresholds = thresholds
        self.positiveHysteresis = positiveHysteresis
        self.negativeHysteresis = negativeHysteresis
        self.oem = oem
        self.name = name
    }

    // Upper thresholds come first here, the worst of them at the front.
    private static let order: [SensorThreshold] = [
        .upperNonRecoverable, .upperCritical, .upperNonCritical, .lowerNonRecoverable,
        .lowerCritical, .lowerNonCritical,
    ]

    package static func read(
        from buffer: inout ByteBuffer
    ) throws(IPMIWireError) -> FullSensorRecord {
        let head = try SensorHead.read(from: &buffer)
        let linearisation = Linearisation(rawValue: try buffer.take("linearisation") & 0x7F)
        let factors = try SensorFactors.read(from: &buffer)
        let flags = try buffer.take("analogue flags", as: UInt8.self)
        let numbers = try buffer.takeBytes("sensor's range and thresholds", count: 13)
        try buffer.skip("reserved bytes", count: 2)
        let oem = try buffer.take("OEM byte", as: UInt8.self)
        var thresholds = SensorThresholds()
        for (threshold, value) in zip(order, numbers[5...])
        where head.readingMask & UInt16(threshold.bit) != 0 {
            thresholds[threshold] = value
        }
        return FullSensorRecord(
            head: head, linearisation: linearisation, factors: factors,
            nominal: flags & 0x01 != 0 ? numbers[0] : nil,
            normalMaximum: flags & 0x02 != 0 ? numbers[1] : nil,
            normalMinimum: flags & 0x04 != 0 ? numbers[2] : nil,
            maximum: numbers[3], minimum: numbers[4], thresholds: thresholds,
            positiveHysteresis: numbers[11], negativeHysteresis: numbers[12], oem: oem,
            name: try PackedText.read(from: &buffer))
    }

    package func write(into buffer: inout ByteBuffer) {
        head.write(into: &buffer)
        buffer.put(linearisation.rawValue & 0x7F)
        factors.write(into: &buffer)
        buffer.put(
            UInt8(nominal == nil ? 0 : 1) | (normalMaximum == nil ? 0 : 2)
                | (normalMinimum == nil ? 0 : 4))
        buffer.writeBytes([
            nominal ?? 0, normalMaximum ?? 0, normalMinimum ?? 0, maximum, minimum,
        ])
        for threshold in Self.order { buffer.put(thresholds[threshold] ?? 0) }
        buffer.writeBytes([positiveHysteresis, negativeHysteresis, 0, 0, oem])
        name.write(into: &buffer)
    }
}
