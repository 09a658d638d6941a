internal import Foundation
public import Logging

/// Keeps the pool true to the hardware: looks at all devices at every interval, has
/// ``SynchroniserRules`` decide, and sees to what they want done.
public actor Synchroniser {
    /// What a round came to.
    public struct Round: Sendable, Hashable {
        /// How many devices were seen, how many looks failed, and how many have not ended.
        public var seen = 0
        public var failed = 0
        /// How many BMCs did not let us in.
        public var refused = 0
        public var pending = 0
        public var actions: [SynchroniserAction] = []
        public var duration: Duration = .zero
    }

    /// What a device was at when it was looked at: a look says nothing about what came later.
    struct Standing: Hashable {
        let instance: String?
        let state: ClaimState?
        let order: Int64
        let generation: Int

        init(_ status: DeviceStatus) {
            instance = status.claim?.id
            state = status.claim?.state
            order = status.rank.order
            generation = status.generation
        }
    }

    let manager: PoolManager
    let time: any TimeSource
    let logger: Logger
    /// Shared by all rounds: a look that has not ended keeps its permit.
    private let permits: LookPermits
    var rules: SynchroniserRules
    /// BMCs whose look has not ended; no second one is begun.
    var pending: [String: Task<Void, Never>] = [:]
    /// BMCs whose look was begun out of turn; a round that meets one makes it its own.
    var outOfTurn: Set<String> = []
    private var looks: [String: (look: Look, standing: Standing)] = [:]
    /// What events ask for, and who sees to it while there is something due.
    var earlyLooks = EarlyLooks()
    var earlyWork: Task<Void, Never>?
    /// Looks are taken in by one at a time.
    private let evaluating = Permits(count: 1)
    private var waiting: CheckedContinuation<Void, Never>?
    /// BMCs whose looks the round waits for.
    private var awaited: Set<String> = []
    private var roundNumber = 0
    private var silence: Silence
    var isStopping = false
    private var isRunning = false
    private var queue: [CheckedContinuation<Void, Never>] = []
    private var hasReportedFreeze = false
    private var shortages = ShortageReport()
    private var refused: Set<String> = []
    private var hasReportedRefusals = false
    private var lastReload: Duration?
    private var randomness: any RandomNumberGenerator & Sendable

    /// - Parameter randomness: draws the order in which a round's looks are begun.
    public init(
        manager: PoolManager, settings: SynchroniserSettings = SynchroniserSettings(),
        time: any TimeSource = SystemTime(), logger: Logger,
        randomness: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        self.randomness = randomness
        self.manager = manager
        self.time = time
        self.logger = logger
        rules = SynchroniserRules(settings: settings)
        silence = Silence(after: settings.unreachableAfter)
        permits = LookPermits(
            count: settings.concurrency, mostAside: settings.mostAside, time: time)
    }

    /// Makes a round at once and one at every interval, until the task is cancelled. A round that
    /// takes longer than the interval is followed by the next without a pause.
    /// When this returns, no look goes on.
    public func run() async {
        isStopping = false
        await withTaskCancellationHandler {
            await makeRounds()
        } onCancel: {
            Task { await self.stop() }
        }
        stop()
        await earlyWork?.value
        for look in Array(pending.values) { await look.value }
    }

    private func stop() {
        isStopping = true
        earlyWork?.cancel()
        for look in pending.values { look.cancel() }
    }

    private func makeRounds() async {
        while !Task.isCancelled {
            let start = time.uptime
            _ = await round(
                spreadOver: min(rules.settings.interval / 30, .seconds(1)), isThorough: false)
            do {
                try await time.sleep(for: rules.settings.interval - (time.uptime - start))
            } catch {
                return
            }
        }
    }

    /// Makes a round now; waits for one that runs.
    /// - Parameter spread: the looks are begun evenly over this time, in a random order, so that a
    ///   rack is not hit in one instant.
    /// - Parameter isThorough: BMCs that have been silent for long are looked at, too.
    @discardableResult
    public func round(
        spreadOver spread: Duration = .zero, isThorough: Bool = true
    ) async -> Round {
        if isRunning { await withCheckedContinuation { queue.append($0) } }
        isRunning = true
        defer {
            isRunning = false
            if !queue.isEmpty {
                isRunning = true
                queue.removeFirst().resume()
            }
        }
        let start = time.uptime
        await manager.resumeUnfinished()
        await look(spreadOver: spread, isThorough: isThorough)
        // What a round that is broken off has not seen must not count.
        if Task.isCancelled { return Round() }
        var round = await evaluate()
        round.duration = time.uptime - start
        return round
    }

    /// Whether moves out of `active` are stopped.
    public var freeze: SynchroniserRules.Freeze { rules.freeze }

    /// An operator's word that what fails does fail: moves go on.
    public func unfreeze() {
        rules.unfreeze()
        reportFreeze()
    }

    // MARK: Looking

    private func look(spreadOver spread: Duration, isThorough: Bool) async {
        let byBMC = await devicesByBMC()
        guard !isStopping else { return }
        roundNumber += 1
        silence.keep { byBMC[$0] != nil }
        let isForced = isThorough || rules.isFrozen
        let idle = byBMC.filter { bmc, _ in
            pending[bmc] == nil && (isForced || silence.isDue(bmc, inRound: roundNumber))
        }.shuffled(using: &randomness)
        awaited = Set(idle.map(\.key)).union(outOfTurn)
        outOfTurn = []
        guard !awaited.isEmpty else { return }
        let step = spread / max(1, idle.count)
        for (index, (bmc, devices)) in idle.enumerated() {
            pending[bmc] = Task {
                await self.look(at: devices, of: bmc, after: step * index)
            }
        }
        await waitForLooks(within: rules.settings.interval)
    }

    func devicesByBMC() async -> [String: [(Device, Standing)]] {
        var byBMC: [String: [(Device, Standing)]] = [:]
        for status in await manager.pool.statuses() {
            guard let device = status.device, status.isListed || status.claim != nil else {
                continue
            }
            byBMC[device.bmc, default: []].append((device, Standing(status)))
        }
        return byBMC
    }

    func look(
        at devices: [(Device, Standing)], of bmc: String, after pause: Duration
    ) async {
        try? await time.sleep(for: pause)
        let permit = await permits.take(for: bmc)
        var isSilent = true
        var isLacking = false
        for (device, standing) in devices where !Task.isCancelled {
            let look = await look(at: device, of: bmc)
            isSilent = isSilent && look.isUnreachable
            isLacking = isLacking || look.shortage != nil
            // Silence is for a round to judge, which can tell it from a network's fault.
            let counts = !(look.isUnreachable && outOfTurn.contains(bmc))
            looks[device.name] = (counts ? look : .inconclusive, standing)
        }
        await permits.giveBack(permit)
        if !isLacking { silence.note(isSilent: isSilent, bmc) }
        pending[bmc] = nil
        outOfTurn.remove(bmc)
        awaited.remove(bmc)
        if awaited.isEmpty { endWaiting(in: roundNumber) }
    }

    /// A BMC that has been silent for long is not waited for as others are.
    private func look(at device: Device, of bmc: String) async -> Look {
        guard let limit = silence.limit(of: bmc) else { return await manager.look(at: device) }
        let look = Task { await manager.look(at: device) }
        let timer = Task {
            do {
                try await time.sleep(for: limit)
                look.cancel()
            } catch {}
        }
        defer { timer.cancel() }
        let result = await withTaskCancellationHandler {
            await look.value
        } onCancel: {
            look.cancel()
        }
        guard look.isCancelled, !Task.isCancelled else { return result }
        return .failed(reason: "no answer within \(limit.text)")
    }

    // One that takes longer than the interval counts in the round in which it ends.
    private func waitForLooks(within limit: Duration) async {
        guard !awaited.isEmpty else { return }
        let number = roundNumber
        let timer = Task {
            do {
                try await time.sleep(for: limit)
                self.endWaiting(in: number)
            } catch {}
        }
        await withCheckedContinuation { waiting = $0 }
        timer.cancel()
    }

    private func endWaiting(in number: Int) {
        guard number == roundNumber else { return }
        waiting?.resume()
        waiting = nil
    }

    // MARK: Evaluating

    /// Takes in what was seen since the last time, and does what follows from it.
    /// - Parameters:
    ///   - distance: how far apart looks at a device must be to count; nil: as the settings say.
    ///   - isMeant: which devices' looks are taken in; the others' stay for later.
    func evaluate(
        distance: Duration? = nil, _ isMeant: (String) -> Bool = { _ in true }
    ) async -> Round {
        await evaluating.take()
        let round = await evaluateNow(
            distance ?? rules.settings.lookDistance ?? rules.settings.interval * 3 / 4, isMeant)
        await evaluating.giveBack()
        return round
    }

    private func evaluateNow(_ distance: Duration, _ isMeant: (String) -> Bool) async -> Round {
        let statuses = await manager.pool.statuses()
        let failed = statuses.compactMap { $0.array == .nonFunctional ? $0.claim : nil }
        let holders = await manager.pool.holders(of: failed)
        let knowledge = SynchroniserRules.Knowledge(
            holder: { holders[$0] }, outdated: await manager.pool.outdated(failed))
        let standings = Dictionary(
            uniqueKeysWithValues: statuses.map { ($0.name, Standing($0)) })
        let taken = looks.filter { isMeant($0.key) }
        looks = looks.filter { !isMeant($0.key) }
        let byName = Dictionary(uniqueKeysWithValues: statuses.map { ($0.name, $0) })
        let looks = taken.filter { name, taken in
            taken.standing == standings[name] && byName[name].map(taken.look.isLatest(of:)) ?? false
        }.mapValues(\.look)
        let actions = rules.evaluate(
            looks, statuses, knowledge, distance: distance, at: time.uptime)
        reportFreeze()
        reportRefusals(looks)
        shortages.take(looks, among: standings.keys, logger)
        for action in actions { await manager.carryOut(action) }
        return Round(
            seen: looks.values.filter { if case .seen = $0 { true } else { false } }.count,
            failed: looks.values.filter(\.isUnreachable).count,
            refused: looks.values.filter(\.isRefused).count, pending: pending.count,
            actions: actions)
    }

    private func reportFreeze() {
        switch rules.freeze {
        case .frozen(let failing, let watched):
            guard !hasReportedFreeze else { return }
            hasReportedFreeze = true
            logger.warning(
                "frozen: \(failing) of \(watched) watched BMCs failed within \(rules.settings.massWindow.text), taken for a network fault: no instance is moved until a good round or `rackpool unfreeze`"
            )
        case .none, .overruled:
            guard hasReportedFreeze else { return }
            hasReportedFreeze = false
            logger.warning("the freeze has ended")
        }
    }

    // MARK: Refusals

    /// The inventory was read again: what is refused from now on may be its doing.
    public func noteReload() {
        lastReload = time.uptime
    }

    /// Many that refuse us have one cause, which is most likely ours.
    private func reportRefusals(_ looks: [String: Look]) {
        for (name, look) in looks {
            if look.isRefused { refused.insert(name) } else { refused.remove(name) }
        }
        guard refused.count >= 3 else {
            hasReportedRefusals = false
            return
        }
        guard !hasReportedRefusals else { return }
        hasReportedRefusals = true
        let names = refused.sorted().prefix(5).joined(separator: ", ")
        let rest = refused.count > 5 ? ", …" : ""
        let isRecent = lastReload.map { time.uptime - $0 < rules.settings.massWindow } ?? false
        logger.error(
            "\(refused.count) devices' BMCs refuse us (\(names)\(rest))\(isRecent ? " since the inventory was read again: look at the passwords, certificates and systems that it names" : ": look at passwords, certificates and systems"); nothing is moved for that"
        )
    }
}
