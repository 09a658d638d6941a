/// A sensor's limits as raw readings; a sensor has any of the six or none.
package struct SensorThresholds: Hashable, Sendable {
    package var lowerNonCritical: UInt8?
    package var lowerCritical: UInt8?
    package var lowerNonRecoverable: UInt8?
    package var upperNonCritical: UInt8?
    package var upperCritical: UInt8?
    package var upperNonRecoverable: UInt8?

    package init(
        lowerNonCritical: UInt8? = nil, lowerCritical: UInt8? = nil,
        lowerNonRecoverable: UInt8? = nil, upperNonCritical: UInt8? = nil,
        upperCritical: UInt8? = nil, upperNonRecoverable: UInt8? = nil
    ) {
        self.lowerNonCritical = lowerNonCritical
        self.lowerCritical = lowerCritical
        self.lowerNonRecoverable = lowerNonRecoverable
        self.upperNonCritical = upperNonCritical
        self.upperCritical = upperCritical
        self.upperNonRecoverable = upperNonRecoverable
    }

    package subscript(threshold: SensorThreshold) -> UInt8? {
        get {
            switch threshold {
            case .lowerNonCritical: lowerNonCritical
            case .lowerCritical: lowerCritical
            case .lowerNonRecoverable: lowerNonRecoverable
            case .upperNonCritical: upperNonCritical
            case .upperCritical: upperCritical
            case .upperNonRecoverable: upperNonRecoverable
            }
        }
        set {
            switch threshold {
            case .lowerNonCritical: lowerNonCritical = newValue
            case .lowerCritical: lowerCritical = newValue
            case .lowerNonRecoverable: lowerNonRecoverable = newValue
            case .upperNonCritical: upperNonCritical = newValue
            case .upperCritical: upperCritical = newValue
            case .upperNonRecoverable: upperNonRecoverable = newValue
            }
        }
    }

    /// A bit for each limit that there is.
    package var mask: UInt8 {
        SensorThreshold.allCases.reduce(0) { self[$1] == nil ? $0 : $0 | $1.bit }
    }
}
