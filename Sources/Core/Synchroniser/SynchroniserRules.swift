/// The synchroniser's rules: looks and time in, actions out. It does nothing itself.
public struct SynchroniserRules: Sendable {
    /// Whether moves out of `active` are stopped.
    public enum Freeze: Sendable, Hashable {
        case none
        case frozen(failing: Int, of: Int)
        /// An operator has ended the freeze; a good round arms it again.
        case overruled
    }

    /// What the rules ask of the pool.
    struct Knowledge {
        /// The instance that holds a logical ID.
        var holder: (LogicalIDKey) -> String? = { _ in nil }
        /// The instances that are made from another configuration than their group's newest.
        var outdated: Set<String> = []
    }

    public let settings: SynchroniserSettings
    public internal(set) var freeze = Freeze.none
    var watches: [String: Watch] = [:]

    public init(settings: SynchroniserSettings) {
        self.settings = settings
    }

    /// An operator's word that what fails does fail.
    public mutating func unfreeze() {
        if case .frozen = freeze { freeze = .overruled }
    }

    /// Whether a device's last look that got an answer was critical, and more such looks are needed to move it.
    func isInDoubt(_ device: String) -> Bool {
        guard let watch = watches[device] else { return false }
        return watch.isCritical && watch.criticalLooks < settings.failAfter
    }

    /// Takes in what was seen, and tells what is to be done.
    /// - Parameters:
    ///   - looks: what was seen since the last time, by device.
    ///   - statuses: the devices as the pool has them now.
    ///   - distance: how far apart looks at a device must be to count.
    ///   - now: the time, as ``TimeSource/uptime`` gives it.
    mutating func evaluate(
        _ looks: [String: Look], _ statuses: [DeviceStatus], _ knowledge: Knowledge = Knowledge(),
        distance: Duration, at now: Duration
    ) -> [SynchroniserAction] {
        keepWatches(of: statuses)
        let looked = statuses.compactMap { status in looks[status.name].map { (status, $0) } }
        for (status, look) in looked { count(look, of: status, distance: distance, at: now) }
        updateFreeze(statuses, at: now)
        var actions: [SynchroniserAction] = []
        for (status, look) in looked {
            actions += self.actions(after: look, status, knowledge, at: now)
        }
        return actions
    }

    // MARK: Counting

    private mutating func keepWatches(of statuses: [DeviceStatus]) {
        var kept: [String: Watch] = [:]
        kept.reserveCapacity(statuses.count)
        for status in statuses {
            guard let watch = watches[status.name] else { continue }
            let subject = Watch.Subject(status)
            if watch.subject == subject {
                kept[status.name] = watch
            } else {
                var new = Watch(subject)
                // Whether it is well, and since when, does not hang on who has claimed it.
                if watch.subject.generation == subject.generation {
                    new.wasWell = watch.wasWell
                    new.isForeign = watch.isForeign
                }
                kept[status.name] = new
            }
        }
        watches = kept
    }

    private mutating func count(
        _ look: Look, of status: DeviceStatus, distance: Duration, at now: Duration
    ) {
        var watch = watches[status.name] ?? Watch(Watch.Subject(status))
        defer { watches[status.name] = watch }
        switch look {
        case .inconclusive, .refused, .shortage: return
        case .seen, .failed: break
        }
        // A reconciler may have been answered meanwhile: then no row of looks has failed.
        if look.isUnreachable, watch.lastAnswer != status.lastAnswer {
            watch.unreachableLooks = 0
            watch.lastAnswer = status.lastAnswer
        }
        if case .seen(let observation) = look {
            watch.isCritical = status.mismatch == nil && observation.health == .critical
        }
        let counts = watch.lastCounted.map { now - $0 >= distance } ?? true
        if counts {
            watch.lastCounted = now
            count(look, of: status, in: &watch)
        }
        guard isFailing(look, status, watch) else {
            watch.failingSince = nil
            watch.isOld = false
            watch.wasWell = true
            return
        }
        guard watch.failingSince == nil else { return }
        watch.failingSince = now
        // What was never seen well since the start did not begin to fail now, unless an instance
        // lives on it, which was started once.
        watch.isOld = !watch.wasWell && status.array != .active
    }

    private func count(_ look: Look, of status: DeviceStatus, in watch: inout Watch) {
        guard case .seen(let observation) = look else {
            // Silence does not say that the device is well again, so critical looks stay counted.
            watch.unreachableLooks += 1
            watch.goodLooks = 0
            return
        }
        watch.unreachableLooks = 0
        if status.mismatch != nil {
            watch.misplacedLooks += 1
            watch.goodLooks = 0
            watch.criticalLooks = 0
            return
        }
        watch.misplacedLooks = 0
        watch.looksOn = observation.power == .on ? watch.looksOn + 1 : 0
        if observation.health == .critical {
            watch.criticalLooks += 1
            watch.goodLooks = 0
        } else if observation.isComplete {
            // What has not seen everything does not say that the device is well again.
            watch.criticalLooks = 0
            watch.goodLooks += 1
        }
        if watch.looksOn >= settings.recoverAfter || status.claim == nil {
            watch.restarts = 0
            watch.restartDue = nil
        }
    }

    /// Whether a look counts against the device.
    private func isFailing(_ look: Look, _ status: DeviceStatus, _ watch: Watch) -> Bool {
        switch look {
        case .failed: return true
        case .inconclusive, .refused, .shortage: return false
        case .seen(let observation):
            if status.mismatch != nil || observation.health == .critical { return true }
            // Powered on again in vain.
            return status.claim?.state == .running && observation.power == .off
                && watch.restarts > 0
        }
    }

    var isFrozen: Bool {
        if case .frozen = freeze { true } else { false }
    }
}
