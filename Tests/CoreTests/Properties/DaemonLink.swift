import Core
import Foundation
import Locking

/// A daemon's hold on the world. It can be cut at any commit or command, as by a crash; what the
/// daemon does after that reaches nothing, and what it did before goes on.
final class DaemonLink: Provider, Store {
    /// An operator's plain command, of a device that nobody claims.
    @TaskLocal static var plainCommand: String?

    private let world: World
    /// How many commits and commands are still let through; nil: all.
    private let fuse = Mutex<Int?>(nil)

    init(world: World) {
        self.world = world
    }

    var isCut: Bool { fuse.withLock { $0 == 0 } }

    func cut(after count: Int) { fuse.withLock { $0 = min($0 ?? count, count) } }

    private func spend() -> Bool {
        fuse.withLock { fuse in
            guard let count = fuse else { return true }
            guard count > 0 else { return false }
            fuse = count - 1
            return true
        }
    }

    private func pause(_ duration: Duration) async -> Bool {
        do {
            try await world.time.sleep(for: duration)
            return true
        } catch {
            return false
        }
    }

    // MARK: Store

    func load() async throws(StoreError) -> StoredPool {
        world.state.withLock { state in
            StoredPool(
                records: state.records.values.sorted { "\($0.key)" < "\($1.key)" },
                sequence: state.sequence, revision: state.revision)
        }
    }

    func changes(after revision: UInt64) async throws(StoreError) -> StoredPool? { nil }

    func commit(_ commit: StoreCommit) async throws(StoreError) -> UInt64 {
        let before = world.describedOrders
        // A disk goes on with what a task has asked for, whatever becomes of the task.
        let delay = world.chance(\.slowCommits) ? world.random(upTo: 3) : .zero
        if delay > .zero { await Task { _ = await self.pause(delay) }.value }
        guard spend() else { throw .closed }
        if world.chance(\.failedCommits) { throw .failed("the disk is full") }
        let revision = try world.commit(commit, before: before)
        // The daemon may die when it is written, and before anybody hears of it.
        if isCut { throw .closed }
        return revision
    }

    func close() async {}

    // MARK: Provider

    func observe(_ device: Device) async throws(ProviderError) -> Observation {
        guard !isCut, !Task.isCancelled else { throw ProviderError(.unreachable, "cancelled") }
        let time = world.lookTime()
        let start = world.now
        let isEarly = world.happens(50)
        var early: Result<Observation, ProviderError>?
        if isEarly {
            early = Result { () throws(ProviderError) in try self.world.look(at: device) }
        }
        guard await pause(time), !isCut else {
            return try world.deliver(
                .failure(ProviderError(.unreachable, "cancelled")), of: device)
        }
        if world.wasBroken(device, since: start) {
            return try world.deliver(
                .failure(ProviderError(.unreachable, "the connection broke")), of: device)
        }
        let late = { () throws(ProviderError) in try self.world.look(at: device) }
        return try world.deliver(early ?? Result(catching: late), of: device)
    }

    func examine(
        _ device: Device, lookingBack: Duration
    ) async throws(ProviderError) -> HealthReport {
        let observation = try await observe(device)
        return HealthReport(power: observation.power, date: observation.date)
    }

    func facts(of device: Device) async throws(ProviderError) -> Facts {
        _ = try await observe(device)
        return Facts(manufacturer: "Maker", model: "One", coreCount: 16, memoryGiB: 64)
    }

    func setPower(_ command: PowerCommand, of device: Device) async throws(ProviderError) {
        guard !Task.isCancelled else { throw ProviderError(.unreachable, "cancelled") }
        guard spend() else { throw ProviderError(.unreachable, "the daemon is dead") }
        let start = world.now
        let (time, error) = world.send(command, to: device, for: try origin(of: command, device))
        guard await pause(time), !world.wasBroken(device, since: start) else {
            throw ProviderError(.unreachable, "cancelled", mayHaveActed: true)
        }
        if let error { throw error }
    }

    /// Whose command it is: the claim's that is on the machine, or an operator's.
    private func origin(
        of command: PowerCommand, _ device: Device
    ) throws(ProviderError) -> Server.Runner {
        let records = world.records.values
        let record =
            records.first { $0.claim != nil && $0.machine?.address == device.address }
            ?? records.first { $0.claim != nil && $0.key == .device(device.name) }
        if DaemonLink.plainCommand == device.name { return .foreign(since: world.now) }
        guard let claim = record?.claim else {
            world.violate("\(command) goes to \(device.name), which nobody claims")
            throw ProviderError(.unreachable, "nobody's command")
        }
        let isForced = world.state.withLock {
            $0.held[device.name] != nil || $0.held[claim.id] != nil
        }
        if claim.state == .running, command != .on, !isForced {
            world.violate("\(command) goes to \(device.name), on which \(claim.id) runs")
        }
        return .instance(claim.id)
    }

    func setBoot(_ boot: BootOverride, of device: Device) async throws(ProviderError) {
        try await touch(device, "boot source")
    }

    func clearBoot(of device: Device) async throws(ProviderError) {
        try await touch(device, "boot source")
    }

    func insertMedia(_ image: MediaImage, into device: Device) async throws(ProviderError) {
        try await touch(device, "media")
        let server = world.server(at: device)
        world.note("media are in server \(server ?? -1)")
        world.state.withLock { state in server.map { _ = state.media.insert($0) } }
    }

    func ejectMedia(_ image: MediaImage, from device: Device) async throws(ProviderError) {
        let server = world.server(at: device)
        do throws(ProviderError) {
            try await touch(device, "media")
        } catch {
            world.note("eject from \(device.name): \(error)")
            // What can't be ejected is told, and holds nobody up.
            if error.kind != .refused { throw error }
            world.state.withLock { state in server.map { _ = state.media.remove($0) } }
            throw error
        }
        world.state.withLock { state in server.map { _ = state.media.remove($0) } }
    }

    /// Anything else that changes a machine.
    private func touch(_ device: Device, _ what: String) async throws(ProviderError) {
        guard spend() else { throw ProviderError(.unreachable, "the daemon is dead") }
        _ = try await observe(device)
        _ = try origin(of: .on, device)
        guard !world.chance(\.refusals) else {
            world.server(at: device).map { world.mark($0) }
            throw ProviderError(.refused, "\(what) refused")
        }
    }

    func forget(_ device: Device) async {}
    func shutdown() async {}
}
