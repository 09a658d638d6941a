import Foundation
import Locking
import Logging

@testable import Core

/// A daemon at work on a rack of 50 devices, to which steps happen.
actor ModelSession {
    static let deviceCount = 50

    /// One run of the daemon.
    struct Daemon {
        let link: ModelLink
        let pool: Pool
        let manager: PoolManager
        let synchroniser: Synchroniser
    }

    let rack = ModelRack()
    let time = ModelTime()
    private(set) var daemon: Daemon
    private(set) var listed: Set<Int> = Set(0..<deviceCount)
    private var moves: [Int: Int] = [:]

    init() async throws {
        daemon = try await Self.start(on: rack, time, Self.devices(listed, moves))
        rack.state.withLock { $0.listed = Set((0..<Self.deviceCount).map(Self.name)) }
    }

    static func name(_ number: Int) -> String {
        "d" + (number < 9 ? "0" : "") + "\(number + 1)"
    }

    // Five devices share a BMC, as in a blade chassis.
    private static func devices(_ listed: Set<Int>, _ moves: [Int: Int]) -> [Device] {
        listed.sorted().map { number in
            Device(
                name: name(number), provider: "model",
                bmc: "model://\(number / 5)" + (moves[number].map { "/\(number).\($0)" } ?? ""),
                system: "\(number % 5)", labels: ["rack": "r\(number / 10 + 1)"])
        }
    }

    private static func start(
        on rack: ModelRack, _ time: ModelTime, _ devices: [Device]
    ) async throws -> Daemon {
        let link = ModelLink(rack: rack, time: time)
        let pool = try await Pool(inventory: devices, store: link, time: time)
        let logger = Logger(label: "model") { _ in SwiftLogNoOpLogHandler() }
        var times = LifecycleTimes()
        times.powerChange = .seconds(2)
        times.patience = .seconds(4)
        times.firstPause = .seconds(1)
        times.longestPause = .seconds(2)
        let manager = PoolManager(
            pool: pool, providers: ["model": link], time: time, times: times, logger: logger)
        var settings = SynchroniserSettings()
        settings.failAfter = 1
        settings.unreachableAfter = 2
        settings.recoverAfter = 1
        let synchroniser = Synchroniser(
            manager: manager, settings: settings, time: time, logger: logger)
        return Daemon(link: link, pool: pool, manager: manager, synchroniser: synchroniser)
    }

    // MARK: Steps

    /// Has a step happen and waits until all is quiet.
    func apply(_ step: RackStep) async throws {
        switch step {
        case .provision, .destroy, .label, .round: await call(step, on: await described())
        case .slow(let step): await slow(step)
        case .unhang(let ending):
            _ = rack.unhang(ending)
        case .together(let steps): await together(steps)
        case .condition(let number, let condition):
            rack.change(Self.name(number)) { $0.condition = condition }
        case .outage(let isCutOff): rack.state.withLock { $0.isCutOff = isCutOff }
        case .powerLoss(let number):
            rack.change(Self.name(number)) { machine in
                machine.power = .off
                machine.isForeign = false
            }
        case .foreignOn(let number): rack.powerOnByOthers(Self.name(number))
        case .foreignOff(let number): rack.powerOffByOthers(Self.name(number))
        case .timePasses(let seconds): time.advance(by: .seconds(seconds))
        case .restart: try await restart(stopping: true)
        case .crash(let step, let count): try await crash(during: step, after: count)
        case .drop, .list, .move: await edit(step)
        case .cordon(let number): await cordon(number, Cordon(since: time.date))
        case .uncordon(let number): await cordon(number, nil)
        case .unfreeze: await daemon.synchroniser.unfreeze()
        }
        await settle()
    }

    private func described() async -> [String] {
        await daemon.pool.described(with: [:]).map(\.id)
    }

    private func call(_ step: RackStep, on ids: [String]) async {
        switch step {
        case .provision(let wish):
            guard let id = try? await daemon.manager.provision(wish.spec) else { return }
            let isDescribed = await described().contains(id)
            if !daemon.link.isCut && !isDescribed && !isRequested(id) {
                rack.violate("\(id) was answered and is not described")
            }
        case .destroy(let number) where !ids.isEmpty:
            await destroy(ids[number % ids.count])
        case .label(let number, let value) where !ids.isEmpty:
            try? await daemon.manager.label(ids[number % ids.count], ["value": "\(value)"])
        case .round: await daemon.synchroniser.round()
        default: break
        }
    }

    private func isRequested(_ id: String) -> Bool {
        rack.state.withLock { $0.destroyRequests.contains(id) }
    }

    private func destroy(_ id: String) async {
        rack.state.withLock { _ = $0.destroyRequests.insert(id) }
        let manager = daemon.manager
        let task = Task { try await manager.destroy(id) }
        if case .destroy? = manager.operations.running(for: id)?.kind, isHanging(id) {
            // It joins one that hangs, until its caller's time is over.
            await time.hurry { _ = await task.result }
        }
        guard case .success = await task.result, !daemon.link.isCut else { return }
        let claims = rack.records.values.compactMap(\.claim).filter { $0.id == id }
        if claims.contains(where: { $0.phase != .releasing || $0.isNonFunctional }) {
            rack.violate("\(id) was said to be destroyed and is not")
        }
    }

    private func isHanging(_ id: String) -> Bool {
        rack.hanging.contains { id.hasSuffix("-" + $0) }
    }

    private func slow(_ step: RackStep) async {
        let ids = await described().filter { !isHanging($0) }
        let (events, event) = AsyncStream.makeStream(of: Bool.self)
        rack.hangNext { event.yield(true) }
        let task = Task {
            await self.call(step, on: ids)
            event.yield(false)
        }
        for await hangs in events {
            if hangs { await time.hurry { await task.value } }
            break
        }
        await task.value
        rack.hangNext(nil)
    }

    private func together(_ steps: [RackStep]) async {
        let ids = await described().filter { !isHanging($0) }
        rack.state.withLock { $0.isConcurrent = true }
        await withTaskGroup { group in
            for step in steps { group.addTask { await self.call(step, on: ids) } }
        }
        await settle()
        rack.state.withLock { $0.isConcurrent = false }
    }

    private func cordon(_ number: Int, _ cordon: Cordon?) async {
        try? await daemon.pool.setCordon(cordon, of: Self.name(number))
    }

    private func edit(_ step: RackStep) async {
        switch step {
        case .drop(let number): listed.remove(number)
        case .list(let number): listed.insert(number)
        case .move(let number): moves[number, default: 0] += 1
        default: return
        }
        let names = Set(listed.map(Self.name))
        rack.state.withLock { $0.listed = names }
        await daemon.manager.setInventory(Self.devices(listed, moves))
    }

    // MARK: Restarts

    private func crash(during step: RackStep, after count: Int) async throws {
        let ids = await described().filter { !isHanging($0) }
        daemon.link.cut(after: count)
        await call(step, on: ids)
        await settle()
        try await restart(stopping: false)
    }

    private func restart(stopping: Bool) async throws {
        if stopping { await daemon.manager.shutdown(within: .zero) }
        daemon.link.cut(after: 0)
        await daemon.manager.waitUntilIdle()
        let before = rack.records
        daemon = try await Self.start(on: rack, time, Self.devices(listed, moves))
        if before != rack.records { rack.violate("a start changed what is on disk") }
        await daemon.manager.adoptUnfinished()
    }

    /// Returns when nothing is done any more, but for what hangs.
    private func settle() async {
        let manager = daemon.manager
        guard !rack.hanging.isEmpty else { return await manager.waitUntilIdle() }
        while true {
            let ids = await daemon.pool.statuses().compactMap(\.claim?.id)
            let open = ids.filter { !isHanging($0) }.compactMap {
                manager.operations.running(for: $0)
            }
            if open.isEmpty { return }
            for operation in open { await operation.task.value }
        }
    }

    /// Mends everything and gives the synchroniser its time.
    func mend() async {
        while rack.unhang(.acts) != nil {}
        rack.state.withLock { state in
            state.isCutOff = false
            for name in state.machines.keys { state.machines[name]?.condition = .well }
        }
        listed = Set(0..<Self.deviceCount)
        await edit(.list(0))
        await settle()
        for _ in 0..<4 {
            await daemon.synchroniser.round()
            await settle()
            time.advance(by: .seconds(400))
        }
    }
}
