internal import Foundation

extension SensorFactors {
    /// What a raw reading stands for (IPMI v2.0 36.3); nil if the sensor has no numbers, or the
    /// function none for this one.
    package func value(
        of raw: UInt8, format: SensorUnits.Format, _ linearisation: Linearisation
    ) -> Double? {
        let number: Double
        switch format {
        case .unsigned: number = Double(raw)
        case .twosComplement: number = Double(Int8(bitPattern: raw))
        case .onesComplement: number = raw & 0x80 == 0 ? Double(raw) : -Double(~raw)
        case .statesAlone: return nil
        }
        let sum = Double(multiplier) * number + Self.scaled(Double(offset), by: offsetExponent)
        return linearisation(Self.scaled(sum, by: resultExponent))
    }

    // Dividing by a power of ten is exact where multiplying by its inverse is not.
    private static func scaled(_ number: Double, by exponent: Int8) -> Double {
        let power = pow(10, Double(exponent.magnitude))
        return exponent < 0 ? number / power : number * power
    }
}
