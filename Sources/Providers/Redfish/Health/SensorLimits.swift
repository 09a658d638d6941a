internal import Core

/// The limits of a sensor, from which a reading's health follows.
///
/// BMCs write 0 or null where there is no limit, swap lower and upper ones, and put the critical
/// one nearer than the one that only warns; such limits are not believed.
struct SensorLimits: Hashable {
    private let lowerCaution: Double?
    private let lowerCritical: Double?
    private let upperCaution: Double?
    private let upperCritical: Double?

    /// A limit that a reading is beyond.
    struct Breach: Hashable {
        let health: Health
        let limit: Double
        let isUpper: Bool
    }

    /// From limits as a service gives them; the fatal ones count as critical.
    init(
        lowerFatal: Double? = nil, lowerCritical: Double? = nil, lowerCaution: Double? = nil,
        upperCaution: Double? = nil, upperCritical: Double? = nil, upperFatal: Double? = nil
    ) {
        let some = { (value: Double?) in value.flatMap { $0 == 0 || !$0.isFinite ? nil : $0 } }
        var low = (caution: some(lowerCaution), critical: some(lowerCritical) ?? some(lowerFatal))
        var high = (caution: some(upperCaution), critical: some(upperCritical) ?? some(upperFatal))
        if let caution = low.caution, let critical = low.critical, caution < critical {
            low = (nil, caution)
        }
        if let caution = high.caution, let critical = high.critical, caution > critical {
            high = (nil, caution)
        }
        let highest = [low.caution, low.critical].compactMap(\.self).max()
        let lowest = [high.caution, high.critical].compactMap(\.self).min()
        if let highest, let lowest, highest >= lowest {
            low = (nil, nil)
            high = (nil, nil)
        }
        (self.lowerCaution, self.lowerCritical) = low
        (self.upperCaution, self.upperCritical) = high
    }

    /// The limit that matters most among those that the reading is beyond. One that it just
    /// reaches is none: a healthy Cray EX4252 shows 85 of 85 °C for a converter of each CPU.
    /// - Parameter isRunning: whether the host is; fans stand still and voltages are gone where it
    ///   is not, so lower limits say nothing then.
    func breach(of reading: Double, isRunning: Bool) -> Breach? {
        if let limit = upperCritical, reading > limit {
            return Breach(health: .critical, limit: limit, isUpper: true)
        }
        if isRunning, let limit = lowerCritical, reading < limit {
            return Breach(health: .critical, limit: limit, isUpper: false)
        }
        if let limit = upperCaution, reading > limit {
            return Breach(health: .warning, limit: limit, isUpper: true)
        }
        if isRunning, let limit = lowerCaution, reading < limit {
            return Breach(health: .warning, limit: limit, isUpper: false)
        }
        return nil
    }

    /// All limits, for a look at whether they can be meant for a unit.
    var highest: Double {
        [lowerCaution, lowerCritical, upperCaution, upperCritical].compactMap(\.self).max() ?? 0
    }
}
