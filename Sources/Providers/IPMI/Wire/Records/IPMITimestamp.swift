/// A moment by a BMC's clock (IPMI v2.0 37).
package struct IPMITimestamp: RawRepresentable, Hashable, Sendable, Comparable {
    /// Seconds since 1970-01-01 in the zone that the clock is set to, which is UTC where nobody
    /// decided otherwise.
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// No time is known.
    package static let unspecified = IPMITimestamp(rawValue: 0xFFFF_FFFF)
    /// Below it, the number counts the seconds since the BMC started: its clock was not set.
    package static let firstSet = IPMITimestamp(rawValue: 0x2000_0001)

    /// Whether this is a date rather than a time since the BMC's start.
    package var isDate: Bool { self >= Self.firstSet && self != .unspecified }

    package static func < (left: IPMITimestamp, right: IPMITimestamp) -> Bool {
        left.rawValue < right.rawValue
    }
}
