internal import IPMIWire

/// What the lines to all BMCs have in common.
final class LineRules: Sendable {
    let timing: IPMITiming
    /// Random bytes, unpredictable and new at each call; a test gives known ones.
    let random: @Sendable (Int) -> [UInt8]

    init(
        timing: IPMITiming = IPMITiming(),
        random: @escaping @Sendable (Int) -> [UInt8] = LineRules.systemRandom
    ) {
        self.timing = timing
        self.random = random
    }

    /// A timeout with its jitter.
    func timeout(sent: Int, first: Duration? = nil) -> Duration {
        timing.timeout(sent: sent, first: first, chance: Double(random(1).first ?? 0) / 255)
    }

    /// A number of four random bytes that is not 0.
    func randomID() -> UInt32 {
        let id = random(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return id == 0 ? 1 : id
    }

    static let systemRandom: @Sendable (Int) -> [UInt8] = { count in
        var generator = SystemRandomNumberGenerator()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 8)
        while bytes.count < count {
            let word = generator.next()
            bytes.append(contentsOf: (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) })
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }
}
