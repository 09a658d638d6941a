internal import Foundation
internal import IPMIWire

/// How a sensor's values become raw readings of one byte (IPMI v2.0 36.3): the finest steps in which
/// the largest of them fits.
struct SensorScale: Sendable, Hashable {
    /// Steps of a hundredth of the unit in a raw count.
    private let hundredths: Int

    init(_ kind: SimulatedSensor.Kind, largest: Double) {
        let least =
            switch kind {
            case .temperature, .fanShare, .powerSupply: 100
            case .fan: 10_000
            case .voltage: 1
            }
        hundredths = max(least, Int((largest * 1.1 * 100 / 255).rounded(.up)))
    }

    var factors: SensorFactors {
        // The multiplier has ten bits with its sign.
        var (multiplier, exponent) = (hundredths, -2)
        while multiplier > 511 {
            multiplier = (multiplier + 9) / 10
            exponent += 1
        }
        while multiplier % 10 == 0, exponent < 0 {
            multiplier /= 10
            exponent += 1
        }
        return SensorFactors(multiplier: Int16(multiplier), resultExponent: Int8(exponent))
    }

    func raw(_ value: Double) -> UInt8 {
        let factors = factors
        let step = Double(factors.multiplier) * pow(10, Double(factors.resultExponent))
        return UInt8(max(0, min(255, (value / step).rounded())))
    }
}
