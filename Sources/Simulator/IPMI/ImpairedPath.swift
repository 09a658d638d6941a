internal import Randomness

/// Throws the dice of an ``Impairment`` for one BMC.
struct ImpairedPath: Sendable {
    let impairment: Impairment
    private var dice: SeededNumbers

    /// - Parameter number: the BMC's, so that not all are lucky at the same time.
    init(_ impairment: Impairment, number: Int) {
        self.impairment = impairment
        dice = SeededNumbers(seed: impairment.seed &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
    }

    /// After how long a datagram arrives: never, once or twice.
    mutating func arrivals() -> [Duration] {
        guard !impairment.isNone else { return [.zero] }
        let isLost = throwsBelow(impairment.loss)
        let isDoubled = throwsBelow(impairment.duplication)
        let isOvertaken = throwsBelow(impairment.reordering)
        guard !isLost else { return [] }
        let late = impairment.delay + (isOvertaken ? impairment.reorderingDelay : .zero)
        return isDoubled ? [late, impairment.delay] : [late]
    }

    private mutating func throwsBelow(_ share: Double) -> Bool {
        Double(dice.next() >> 11) * 0x1p-53 < share
    }
}
