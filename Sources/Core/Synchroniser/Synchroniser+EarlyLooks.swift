internal import Logging

extension Synchroniser {
    /// Has the devices of a BMC looked at within a second or so, because the BMC has reported
    /// something: without waiting for the round, and by its rules. What was reported moves nothing
    /// by itself.
    ///
    /// If a device is found critical, the looks that the rules want before it is moved follow, five
    /// seconds apart. A look that reaches no BMC does not count: silence is for the rounds.
    /// However many reports come, a BMC is looked at no oftener than every five seconds.
    ///
    /// - Parameter bmc: the BMC's URL as the inventory has it; an unknown one is ignored.
    public func lookSoon(at bmc: String) {
        guard !isStopping else { return }
        earlyLooks.ask(for: bmc, at: time.uptime)
        if earlyWork == nil { earlyWork = Task { await self.makeEarlyLooks() } }
    }

    private func makeEarlyLooks() async {
        while let next = earlyLooks.next, !isStopping {
            let rest = next - time.uptime
            guard rest > .zero else {
                await makeDueLooks()
                continue
            }
            do {
                // What is asked for meanwhile may be due sooner.
                try await time.sleep(for: min(rest, EarlyLooks.gathering))
            } catch {
                break
            }
        }
        if isStopping || Task.isCancelled { earlyLooks.removeAll() }
        earlyWork = nil
    }

    private func makeDueLooks() async {
        let byBMC = await devicesByBMC()
        guard !isStopping else { return }
        var begun: [String: [String]] = [:]
        for bmc in earlyLooks.take(at: time.uptime) {
            guard let devices = byBMC[bmc] else { continue }
            guard pending[bmc] == nil else {
                // It may have asked before what was reported happened.
                earlyLooks.postpone(bmc, at: time.uptime)
                continue
            }
            begun[bmc] = devices.map(\.0.name)
            outOfTurn.insert(bmc)
            pending[bmc] = Task { await self.look(at: devices, of: bmc, after: .zero) }
        }
        let looks = begun.keys.compactMap { pending[$0] }
        guard !looks.isEmpty else { return }
        let all = Task { for look in looks { await look.value } }
        // One that hangs is taken in with what comes after it.
        _ = await wait(for: all, within: EarlyLooks.pause, time)
        guard !Task.isCancelled else { return }
        let names = Set(begun.values.joined())
        _ = await evaluate(distance: EarlyLooks.pause * 3 / 4, names.contains)
        follow(begun)
    }

    private func follow(_ begun: [String: [String]]) {
        let limit = rules.settings.failAfter - 1 + EarlyLooks.spareLooks
        for (bmc, devices) in begun {
            if devices.contains(where: rules.isInDoubt) {
                earlyLooks.follow(bmc, limit: limit, at: time.uptime)
            } else {
                earlyLooks.end(bmc)
            }
        }
    }
}
