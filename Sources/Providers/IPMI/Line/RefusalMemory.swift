/// Remembers that a BMC refused credentials, so that nobody hammers it with them until it locks the
/// account: after each refusal in a row they are not tried for three times as long, from 60 s, or
/// 20 s for an account that was once accepted, up to half an hour.
struct RefusalMemory: Sendable {
    private struct Refusal: Sendable {
        let access: SessionAccess
        let failure: SessionFailure
        let count: Int
        let end: Duration
    }

    private var refusal: Refusal?
    private var accepted: SessionAccess?
    private var wasLowered = false

    /// Whether the BMC refused the access' privilege, and took an operator's.
    func isLowered(_ access: SessionAccess) -> Bool { wasLowered && accepted == access }

    /// What to answer without asking the BMC; nil if it is to be asked.
    func objection(to access: SessionAccess, at now: Duration) -> IPMIFailure? {
        guard let refusal, refusal.access == access, refusal.end > now else { return nil }
        return .heldBack(refusal.failure, pause: refusal.end - now)
    }

    mutating func refuse(_ access: SessionAccess, _ failure: SessionFailure, at now: Duration) {
        let before = refusal.flatMap { $0.access == access ? $0.count : nil } ?? 0
        let first: Duration = accepted == access ? .seconds(20) : .seconds(60)
        let pause = (0..<min(before, 5)).reduce(first) { pause, _ in pause * 3 }
        refusal = Refusal(
            access: access, failure: failure, count: before + 1,
            end: now + min(pause, .seconds(1800)))
    }

    mutating func accept(_ access: SessionAccess, isLowered: Bool) {
        refusal = nil
        accepted = access
        wasLowered = isLowered
    }
}
