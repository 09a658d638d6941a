package import NIOCore

/// What a sensor's numbers are (IPMI v2.0 43.1, bytes 21 to 23).
package struct SensorUnits: WireValue {
    /// How a raw reading is a number.
    package enum Format: UInt8, Hashable, Sendable {
        case unsigned
        case onesComplement
        case twosComplement
        /// It is none: the sensor has states alone.
        case statesAlone
    }

    /// How the modifier changes the base.
    package enum Combination: UInt8, Hashable, Sendable {
        case baseAlone
        /// Base by modifier: `m/s`.
        case division
        /// Base times modifier: `Nm`.
        case product
        case reserved
    }

    package var format: Format
    /// Per which time; 0 none, 1 µs, 2 ms, 3 s, 4 minute, 5 hour, 6 day.
    package var rate: UInt8
    package var combination: Combination
    package var isPercentage: Bool
    /// The unit (IPMI v2.0 table 43-15).
    package var base: UInt8
    /// The other unit; 0 if there is none.
    package var modifier: UInt8

    package init(
        format: Format = .unsigned, rate: UInt8 = 0, combination: Combination = .baseAlone,
        isPercentage: Bool = false, base: UInt8 = 0, modifier: UInt8 = 0
    ) {
        self.format = format
        self.rate = rate
        self.combination = combination
        self.isPercentage = isPercentage
        self.base = base
        self.modifier = modifier
    }

    package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> SensorUnits {
        let flags = try buffer.take("sensor units", as: UInt8.self)
        let base = try buffer.take("sensor's base unit", as: UInt8.self)
        return SensorUnits(
            format: Format(rawValue: flags >> 6) ?? .statesAlone, rate: flags >> 3 & 0x07,
            combination: Combination(rawValue: flags >> 1 & 0x03) ?? .reserved,
            isPercentage: flags & 0x01 != 0, base: base,
            modifier: try buffer.take("sensor's modifier unit"))
    }

    package func write(into buffer: inout ByteBuffer) {
        buffer.put(
            format.rawValue << 6 | (rate & 0x07) << 3 | combination.rawValue << 1
                | (isPercentage ? 1 : 0))
        buffer.put(base)
        buffer.put(modifier)
    }
}
