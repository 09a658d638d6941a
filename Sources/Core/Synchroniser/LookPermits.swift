/// Who may look at a BMC now.
///
/// Permits are for BMCs that answer. One that holds its permit for longer than its peers take is
/// set aside: its look goes on, in a number of its own, and its permit is the next one's. A BMC
/// that was set aside last time begins there the next time. So the slow and the silent never delay
/// the rest, and are all asked at one time themselves.
actor LookPermits {
    /// A permit that was taken.
    struct Permit: Hashable, Sendable {
        fileprivate let number: Int
    }

    private struct Holder {
        let bmc: String
        let since: Duration
    }

    /// How long nobody is set aside in any case, and how long nobody holds a permit while others
    /// wait.
    private static let patience: ClosedRange<Duration> = .seconds(1)...(.seconds(5))
    /// How many times as long as its peers a look may take.
    private static let factor = 4

    private let count: Int
    private let mostAside: Int
    private let time: any TimeSource
    private var holders: [Int: Holder] = [:]
    private var aside: [Int: Holder] = [:]
    private var waiting: [(number: Int, bmc: String, CheckedContinuation<Void, Never>)] = []
    private var next = 0
    private var lastNumber = 0
    /// What a look takes, as a mean in which the last ones count most.
    private var usual: Duration = .milliseconds(500)
    private var slow: Set<String> = []
    private var guarding: Task<Void, Never>?

    /// - Parameters:
    ///   - count: how many permits there are.
    ///   - mostAside: how many looks may go on beside them.
    init(count: Int, mostAside: Int, time: any TimeSource) {
        self.count = max(1, count)
        self.mostAside = mostAside
        self.time = time
    }

    /// Returns when a look at a BMC may begin; in the order of asking.
    func take(for bmc: String) async -> Permit {
        lastNumber += 1
        let number = lastNumber
        let holder = Holder(bmc: bmc, since: time.uptime)
        if slow.contains(bmc), aside.count < mostAside {
            aside[number] = holder
        } else if holders.count < count {
            holders[number] = holder
        } else {
            startGuarding()
            await withCheckedContinuation { waiting.append((number, bmc, $0)) }
        }
        return Permit(number: number)
    }

    /// The look is over.
    func giveBack(_ permit: Permit) {
        if let holder = holders.removeValue(forKey: permit.number) {
            let taken = time.uptime - holder.since
            usual = (usual * 15 + taken) / 16
            slow.remove(holder.bmc)
            passOn()
        } else if let holder = aside.removeValue(forKey: permit.number) {
            if time.uptime - holder.since <= patience { slow.remove(holder.bmc) }
        }
    }

    /// How many looks go on beside the permits.
    var asideCount: Int { aside.count }

    private var patience: Duration {
        min(max(usual * Self.factor, Self.patience.lowerBound), Self.patience.upperBound)
    }

    private func passOn() {
        while holders.count < count, next < waiting.count {
            let (number, bmc, continuation) = waiting[next]
            next += 1
            holders[number] = Holder(bmc: bmc, since: time.uptime)
            continuation.resume()
        }
        guard next == waiting.count else { return }
        waiting.removeAll(keepingCapacity: true)
        next = 0
    }

    // Nobody is looked after while nobody waits.
    private func startGuarding() {
        guard guarding == nil, mostAside > 0 else { return }
        guarding = Task {
            while self.setAside() {
                do { try await time.sleep(for: Self.patience.lowerBound / 4) } catch { break }
            }
        }
    }

    /// Sets those aside that take long; false if nobody waits any more.
    private func setAside() -> Bool {
        let limit = time.uptime - patience
        for (number, holder) in holders where holder.since <= limit {
            guard aside.count < mostAside else { break }
            holders[number] = nil
            aside[number] = holder
            slow.insert(holder.bmc)
        }
        passOn()
        guard next < waiting.count else {
            guarding = nil
            return false
        }
        return true
    }
}
