// Many that fail at once have one cause, which is none of theirs until shown otherwise.
extension SynchroniserRules {
    /// BMCs are counted, for a tray's devices fail together. A BMC whose look has not ended counts as
    /// it did last: those that hang don't make a round a good one.
    mutating func updateFreeze(_ statuses: [DeviceStatus], at now: Duration) {
        if !isFrozen { retire(at: now) }
        var watched: Set<String> = []
        var failing: Set<String> = []
        for status in statuses {
            guard let device = status.device, let watch = watches[status.name],
                watch.lastCounted != nil, !watch.isOld, isWatched(status, watch)
            else { continue }
            watched.insert(device.bmc)
            if watch.failingSince != nil { failing.insert(device.bmc) }
        }
        guard !watched.isEmpty else { return }
        let isMassive =
            failing.count >= settings.minimumFailingToFreeze
            && Double(failing.count) * 100 >= settings.maximumFailingPercent * Double(watched.count)
        switch (isMassive, freeze) {
        case (true, .overruled): break
        case (true, _): freeze = .frozen(failing: failing.count, of: watched.count)
        case (false, .frozen):
            freeze = .none
            // What still fails is given its full count: until now the network was to blame.
            watches = watches.mapValues { watch in
                var watch = watch
                watch.unreachableLooks = min(1, watch.unreachableLooks)
                watch.criticalLooks = min(1, watch.criticalLooks)
                watch.misplacedLooks = min(1, watch.misplacedLooks)
                return watch
            }
        case (false, _): freeze = .none
        }
    }

    /// Free devices count if nobody has cordoned them, and a look since the start has found them
    /// well.
    private func isWatched(_ status: DeviceStatus, _ watch: Watch) -> Bool {
        switch status.array {
        case .available: status.isListed && status.cordon == nil && watch.wasWell
        case .active: true
        case .nonFunctional: watch.failingSince == nil || watch.wasWell
        }
    }

    /// What has failed for longer than a common fault takes to show is a case of its own.
    private mutating func retire(at now: Duration) {
        for (name, watch) in watches {
            guard let since = watch.failingSince, !watch.isOld,
                now - since >= settings.massWindow
            else { continue }
            watches[name]?.isOld = true
        }
    }
}
