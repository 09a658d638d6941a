/// Which packets of a session are new (IPMI v2.0 6.12.13, sliding window): what was seen, and what
/// is too old or too far ahead, is dropped.
package struct SequenceWindow: Hashable, Sendable {
    /// How far a number may lie before the highest one seen, and after it.
    package static let width: UInt32 = 16

    private var highest: UInt32
    /// Bit n tells whether `highest - n` was seen.
    private var seen: UInt32 = .max

    /// - Parameter highest: The last number that was seen; a session's first is 1.
    package init(highest: UInt32 = 0) {
        self.highest = highest
    }

    /// Whether a packet with this number is to be taken; it counts as seen from then on. Asked only
    /// for packets whose authentication code was right, or an attacker could shift the window.
    package mutating func admit(_ number: UInt32) -> Bool {
        // 0 is for packets outside of sessions, and is skipped when the count turns over.
        guard number != 0 else { return false }
        let ahead = number &- highest
        if ahead != 0, ahead <= Self.width {
            highest = number
            seen = seen << ahead | 1
            return true
        }
        let behind = highest &- number
        guard behind < Self.width, seen & (1 << behind) == 0 else { return false }
        seen |= 1 << behind
        return true
    }
}
