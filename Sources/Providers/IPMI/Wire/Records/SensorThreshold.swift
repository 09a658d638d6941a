/// A limit of a sensor; the number is that of its bit wherever thresholds are told apart by bits
/// (IPMI v2.0 35.9, 35.14, 43.1).
package enum SensorThreshold: UInt8, Hashable, Sendable, CaseIterable {
    case lowerNonCritical
    case lowerCritical
    case lowerNonRecoverable
    case upperNonCritical
    case upperCritical
    case upperNonRecoverable

    package var bit: UInt8 { 1 << rawValue }
    package var isUpper: Bool { rawValue >= 3 }
    /// 0 for non-critical, 1 for critical, 2 for non-recoverable.
    package var grade: UInt8 { rawValue % 3 }
}
