internal import Foundation

/// The function that makes a value of what a sensor's factors come to (IPMI v2.0 36.4; table 43-1,
/// byte 24).
package struct Linearisation: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let linear = Linearisation(rawValue: 0x00)

    /// Whether the factors of the record hold for no reading: each reading's are asked for.
    package var isNonLinear: Bool { rawValue & 0x7F >= 0x70 }

    /// Nil if there is no such function, or no number comes out.
    package func callAsFunction(_ x: Double) -> Double? {
        let value: Double
        switch rawValue & 0x7F {
        case 0x00, 0x70...0x7F: value = x
        case 0x01: value = log(x)
        case 0x02: value = log10(x)
        case 0x03: value = log2(x)
        case 0x04: value = exp(x)
        case 0x05: value = pow(10, x)
        case 0x06: value = exp2(x)
        case 0x07: value = 1 / x
        case 0x08: value = x * x
        case 0x09: value = x * x * x
        case 0x0A: value = x.squareRoot()
        case 0x0B: value = cbrt(x)
        default: return nil
        }
        return value.isFinite ? value : nil
    }
}
