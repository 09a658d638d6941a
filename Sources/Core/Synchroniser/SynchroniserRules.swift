/// When the synchroniser does what.
public struct SynchroniserSettings: Sendable, Hashable {
    /// The time from the start of one round to the start of the next.
    public var interval: Duration = .seconds(30)
    /// How many critical looks in a row make a device non-functional.
    public var failAfter = 2
    /// How many good looks in a row make it functional again; those that are not complete don't
    /// count.
    public var recoverAfter = 2
    /// How many looks in a row that reach no BMC make it non-functional.
    public var unreachableAfter = 3
    /// The share of the watched devices, in percent, that may not fail in one round without
    /// freezing all moves out of `active`.
    public var maximumFailingPercent = 40.0
    /// Fewer failing devices than this never freeze.
    public var minimumFailingToFreeze = 3
    /// How many BMCs are looked at at one time.
    public var concurrency = 256
    public var fence = Fence.required
    /// The pauses before a claimed device that was found off is powered on again, one an attempt.
    public var restartPauses: [Duration] = [.zero, .seconds(60), .seconds(300)]

    public init() {}

    /// What happens to a failed device that carries a logical ID and can't be confirmed off.
    public enum Fence: String, Sendable, Hashable, CaseIterable {
        /// It stays described until it is confirmed off.
        case required
        /// It stops being described all the same when its looks have run out.
        case bestEffort = "best-effort"
    }
}

/// What a look at a device brought.
public enum Look: Sendable, Hashable {
    case seen(Observation)
    /// No BMC was reached, or what came back made no sense.
    case failed(reason: String)
    /// The BMC answered that it is busy: that says nothing about the device.
    case inconclusive
}

/// What the rules want done.
public enum SynchroniserAction: Sendable, Hashable {
    /// Move an instance to `nonFunctional`.
    case fail(instance: String, reasons: [String])
    /// Power an instance's device off, and move it when it is confirmed off.
    case fence(instance: String, reasons: [String])
    /// Move an instance to the front of `active`.
    case recover(instance: String)
    /// Release an instance whose logical ID lives elsewhere by now.
    case releaseDuplicate(instance: String, other: String)
    /// Power an instance's device on again.
    case restart(instance: String, attempt: Int)
    /// Report a free device that runs something.
    case reportForeign(device: String)
}

/// The synchroniser's rules: looks and time in, actions out. It does nothing itself.
public struct SynchroniserRules: Sendable {
    /// Whether moves out of `active` are stopped.
    public enum Freeze: Sendable, Hashable {
        case none
        case frozen(failing: Int, of: Int)
        /// An operator has ended the freeze; a good round arms it again.
        case overruled
    }

    private struct Watch {
        var criticalLooks = 0
        var unreachableLooks = 0
        var goodLooks = 0
        var looksOn = 0
        var restarts = 0
        var restartDue: Duration?
        var isForeign = false
        /// What the last look that said anything said; nil before the first.
        var isFailing: Bool?
        /// Whether the device was found to have failed by its looks, and not by a network's fault.
        var isSettled = false
    }

    public let settings: SynchroniserSettings
    public private(set) var freeze = Freeze.none
    private var watches: [String: Watch] = [:]

    public init(settings: SynchroniserSettings) {
        self.settings = settings
    }

    /// An operator's word that what fails does fail.
    public mutating func unfreeze() {
        if case .frozen = freeze { freeze = .overruled }
    }

    /// Judges a round.
    /// - Parameters:
    ///   - looks: what was seen since the round before, by device.
    ///   - statuses: the devices as the pool has them now.
    ///   - carrier: the described instance that carries a logical ID in a group.
    ///   - busy: the instances at which something is being done already; they are only counted.
    ///   - now: the time, as ``TimeSource/uptime`` gives it.
    public mutating func judge(
        _ looks: [String: Look], _ statuses: [DeviceStatus], busy: Set<String> = [],
        at now: Duration, carrier: (_ logicalID: String, _ group: String?) -> String?
    ) -> [SynchroniserAction] {
        let known = Set(statuses.map(\.name))
        watches = watches.filter { known.contains($0.key) }
        let looked = statuses.compactMap { status in looks[status.name].map { (status, $0) } }
        for (status, look) in looked { count(look, of: status) }
        judgeFreeze(statuses)
        if !isFrozen { settle(looked) }
        var actions: [SynchroniserAction] = []
        for (status, look) in looked {
            if let claim = status.claim, busy.contains(claim.id) { continue }
            actions += judge(look, status, at: now, carrier: carrier)
        }
        return actions
    }

    /// Whether a device's last look was critical, and more such looks are needed to move it.
    func isInDoubt(_ device: String) -> Bool {
        guard let watch = watches[device], watch.isFailing == true else { return false }
        return watch.criticalLooks > 0 && watch.criticalLooks < settings.failAfter
    }

    // MARK: Counting

    private mutating func count(_ look: Look, of status: DeviceStatus) {
        var watch = watches[status.name] ?? Watch()
        switch look {
        case .inconclusive:
            return
        case .failed:
            // Silence does not say that the device is well again, so critical looks stay counted.
            watch.unreachableLooks += 1
            watch.goodLooks = 0
        case .seen(let observation):
            watch.unreachableLooks = 0
            watch.looksOn = observation.power == .on ? watch.looksOn + 1 : 0
            if observation.health >= .critical {
                watch.criticalLooks += 1
                watch.goodLooks = 0
            } else {
                watch.criticalLooks = 0
                // What has not seen everything does not say that the device is well again.
                if observation.isComplete { watch.goodLooks += 1 }
            }
            if watch.looksOn >= settings.recoverAfter || status.claim == nil {
                watch.restarts = 0
                watch.restartDue = nil
            }
        }
        watch.isFailing = look.isFailing
        if !look.isFailing { watch.isSettled = false }
        watches[status.name] = watch
    }

    // Devices that have failed before this round say nothing about the network. One whose look has
    // not ended counts as it did last: BMCs that hang do not make a round a good one.
    private mutating func judgeFreeze(_ statuses: [DeviceStatus]) {
        var watched = 0
        var failing = 0
        for status in statuses where status.array != .nonFunctional {
            guard status.isListed || status.claim != nil, let watch = watches[status.name],
                let isFailing = watch.isFailing, !watch.isSettled
            else { continue }
            watched += 1
            if isFailing { failing += 1 }
        }
        guard watched > 0 else { return }
        let isMassive =
            failing >= settings.minimumFailingToFreeze
            && Double(failing) * 100 >= settings.maximumFailingPercent * Double(watched)
        switch (isMassive, freeze) {
        case (true, .overruled): break
        case (true, _): freeze = .frozen(failing: failing, of: watched)
        case (false, .frozen):
            freeze = .none
            // What still fails is given its full count: until now the network was to blame.
            watches = watches.mapValues { watch in
                var watch = watch
                watch.unreachableLooks = min(1, watch.unreachableLooks)
                watch.criticalLooks = min(1, watch.criticalLooks)
                return watch
            }
        case (false, _): freeze = .none
        }
    }

    private mutating func settle(_ looked: [(DeviceStatus, Look)]) {
        for (status, look) in looked where failure(look, status.name) != nil {
            watches[status.name]?.isSettled = true
        }
    }

    // MARK: Judging one device

    private mutating func judge(
        _ look: Look, _ status: DeviceStatus, at now: Duration,
        carrier: (String, String?) -> String?
    ) -> [SynchroniserAction] {
        guard let claim = status.claim else { return judgeFree(look, status) }
        guard claim.phase == .active else { return [] }
        if claim.isNonFunctional {
            return judgeFailed(look, status, claim, at: now, carrier: carrier)
        }
        if let reasons = failure(look, status.name), !isFrozen {
            return [fail(claim, reasons, isUnreachable: look.isUnreachable)]
        }
        guard case .seen(let observation) = look, observation.power == .off,
            observation.health < .critical
        else { return [] }
        return restart(claim, status.name, at: now)
            ?? (isFrozen
                ? []
                : [
                    fail(
                        claim,
                        ["found off, and powered on in vain \(settings.restartPauses.count) times"],
                        isUnreachable: false)
                ])
    }

    private func fail(_ claim: Claim, _ reasons: [String], isUnreachable: Bool)
        -> SynchroniserAction
    {
        guard claim.spec.logicalID != nil else {
            return .fail(instance: claim.id, reasons: reasons)
        }
        if isUnreachable, settings.fence == .bestEffort {
            return .fail(instance: claim.id, reasons: reasons)
        }
        return .fence(instance: claim.id, reasons: reasons)
    }

    /// Why a device has failed by now, or nil.
    private func failure(_ look: Look, _ name: String) -> [String]? {
        let watch = watches[name] ?? Watch()
        switch look {
        case .seen(let observation) where watch.criticalLooks >= settings.failAfter:
            return observation.reasons.isEmpty ? ["health is critical"] : observation.reasons
        case .failed(let reason) where watch.unreachableLooks >= settings.unreachableAfter:
            return ["\(watch.unreachableLooks) looks in a row failed: \(reason)"]
        default:
            return nil
        }
    }

    private mutating func judgeFailed(
        _ look: Look, _ status: DeviceStatus, _ claim: Claim, at now: Duration,
        carrier: (String, String?) -> String?
    ) -> [SynchroniserAction] {
        guard case .seen(let observation) = look else { return [] }
        // Its logical ID may live elsewhere by now, so it must not go on running unseen.
        if observation.power == .on, claim.spec.logicalID != nil,
            let reasons = failure(look, status.name)
        {
            return [.fence(instance: claim.id, reasons: reasons)]
        }
        guard (watches[status.name]?.goodLooks ?? 0) >= settings.recoverAfter else { return [] }
        if let logicalID = claim.spec.logicalID, let other = carrier(logicalID, claim.group) {
            return [.releaseDuplicate(instance: claim.id, other: other)]
        }
        switch observation.power {
        case .on: return [.recover(instance: claim.id)]
        case .off: return restart(claim, status.name, at: now) ?? []
        default: return []
        }
    }

    /// Powers on again, or waits for the time to do so; nil if all attempts are spent.
    private mutating func restart(
        _ claim: Claim, _ name: String, at now: Duration
    ) -> [SynchroniserAction]? {
        var watch = watches[name] ?? Watch()
        guard watch.restarts < settings.restartPauses.count else {
            if let due = watch.restartDue, now < due { return [] }
            return nil
        }
        let due = watch.restartDue ?? now + settings.restartPauses[watch.restarts]
        watch.restartDue = due
        defer { watches[name] = watch }
        guard now >= due else { return [] }
        watch.restarts += 1
        // After the last attempt there is one more pause, for it to take effect.
        let next = min(watch.restarts, settings.restartPauses.count - 1)
        watch.restartDue =
            now + (settings.restartPauses.isEmpty ? .zero : settings.restartPauses[next])
        return [.restart(instance: claim.id, attempt: watch.restarts)]
    }

    private mutating func judgeFree(_ look: Look, _ status: DeviceStatus) -> [SynchroniserAction] {
        guard case .seen(let observation) = look else { return [] }
        let isForeign = observation.power == .on
        let wasForeign = watches[status.name]?.isForeign ?? false
        watches[status.name, default: Watch()].isForeign = isForeign
        return isForeign && !wasForeign ? [.reportForeign(device: status.name)] : []
    }

    private var isFrozen: Bool {
        if case .frozen = freeze { true } else { false }
    }
}

extension Look {
    /// Whether the look counts against the device.
    var isFailing: Bool {
        switch self {
        case .seen(let observation): observation.health >= .critical
        case .failed: true
        case .inconclusive: false
        }
    }

    var isUnreachable: Bool {
        if case .failed = self { true } else { false }
    }
}
