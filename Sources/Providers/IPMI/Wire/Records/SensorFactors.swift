package import NIOCore

/// The numbers by which a raw reading becomes a value: `(multiplier · raw + offset · 10^offsetExponent)
/// · 10^resultExponent` (IPMI v2.0 36.3; laid out the same in 35.5 and 43.1).
package struct SensorFactors: WireValue {
    /// M: -512 to 511.
    package var multiplier: Int16
    /// Half raw counts; 0 to 63.
    package var tolerance: UInt8
    /// B: -512 to 511.
    package var offset: Int16
    /// Hundredths of a percent before its exponent; 0 to 1023.
    package var accuracy: UInt16
    /// 0 to 3.
    package var accuracyExponent: UInt8
    /// Input, output or neither (IPMI v2.0 43.1, byte 29, bits 1:0).
    package var direction: UInt8
    /// R: -8 to 7.
    package var resultExponent: Int8
    /// The exponent of `offset`: -8 to 7.
    package var offsetExponent: Int8

    package init(
        multiplier: Int16, offset: Int16 = 0, resultExponent: Int8 = 0, offsetExponent: Int8 = 0,
        tolerance: UInt8 = 0, accuracy: UInt16 = 0, accuracyExponent: UInt8 = 0,
        direction: UInt8 = 0
    ) {
        self.multiplier = multiplier
        self.tolerance = tolerance
        self.offset = offset
        self.accuracy = accuracy
        self.accuracyExponent = accuracyExponent
        self.direction = direction
        self.resultExponent = resultExponent
        self.offsetExponent = offsetExponent
    }

    package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> SensorFactors {
        let bytes = try buffer.takeBytes("sensor factors", count: 6)
        return SensorFactors(
            multiplier: signed(bytes[0], high: bytes[1]),
            offset: signed(bytes[2], high: bytes[3]),
            resultExponent: Int8(bitPattern: bytes[5]) >> 4,
            offsetExponent: Int8(bitPattern: bytes[5] << 4) >> 4,
            tolerance: bytes[1] & 0x3F,
            accuracy: UInt16(bytes[4] & 0xF0) << 2 | UInt16(bytes[3] & 0x3F),
            accuracyExponent: bytes[4] >> 2 & 0x03, direction: bytes[4] & 0x03)
    }

    package func write(into buffer: inout ByteBuffer) {
        let m = UInt16(bitPattern: multiplier)
        let b = UInt16(bitPattern: offset)
        buffer.writeBytes([
            UInt8(truncatingIfNeeded: m),
            UInt8(truncatingIfNeeded: m >> 2) & 0xC0 | tolerance & 0x3F,
            UInt8(truncatingIfNeeded: b),
            UInt8(truncatingIfNeeded: b >> 2) & 0xC0 | UInt8(truncatingIfNeeded: accuracy) & 0x3F,
            UInt8(truncatingIfNeeded: accuracy >> 2) & 0xF0 | (accuracyExponent & 0x03) << 2
                | direction & 0x03,
            UInt8(bitPattern: resultExponent) << 4 | UInt8(bitPattern: offsetExponent) & 0x0F,
        ])
    }

    /// Ten bits, two's complement, of which the highest two are the highest of `high`.
    private static func signed(_ low: UInt8, high: UInt8) -> Int16 {
        Int16(bitPattern: UInt16(high & 0xC0) << 8 | UInt16(low) << 6) >> 6
    }
}
