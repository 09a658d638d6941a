import Locking
import Logging
import Testing

@testable import Core
@testable import TestSupport

@Suite("Our own shortage")
struct ShortageTests {
    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }

    private struct Handler: LogHandler {
        let lines: Lines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { nil }
            set {}
        }

        func log(event: LogEvent) {
            lines.all.withLock { $0.append("\(event.level) \(event.message)") }
        }
    }

    private static let lack = ProviderError(.shortage, "look failed: Too many open files")

    @Test("counts against nobody, however long it lasts, and is said once, as is its end")
    func inconclusive() async throws {
        let rig = try await Rig(5)
        let id = try await rig.manager.provision(.group("g"))
        let lines = Lines()
        let synchroniser = Synchroniser(
            manager: rig.manager, time: rig.time,
            logger: Logger(label: "t", factory: { _ in Handler(lines: lines) }))
        await rig.rounds(2, of: synchroniser)
        let names = await rig.pool.statuses().map(\.name)
        for name in names { rig.provider.fail(.observe, of: name, with: Self.lack) }
        let rounds = await rig.rounds(10, of: synchroniser)
        #expect(rounds.allSatisfy { $0.actions.isEmpty && $0.failed == 0 })
        #expect(await rig.ids() == [id])
        #expect(await synchroniser.freeze == .none)
        #expect(await rig.pool.statuses().allSatisfy { $0.observation?.health == .ok })
        for name in names { rig.provider.fail(.observe, of: name, with: nil) }
        await rig.rounds(3, of: synchroniser)
        let told = lines.all.withLock { $0 }
        #expect(told.count == 2)
        #expect(told.first?.contains("lacks what it takes to look at 5 devices") == true)
        #expect(told.first?.contains("Too many open files") == true)
        #expect(told.last?.contains("again") == true)
    }

    @Test("does not interrupt a row of looks that got no answer")
    func row() async throws {
        let rig = try await Rig(8)
        _ = try await rig.claim(1)
        let synchroniser = rig.synchroniser()
        await rig.rounds(1, of: synchroniser)
        let device = try #require(await rig.pool.statuses().first { $0.claim != nil }?.name)
        for kind in [ProviderError.Kind.unreachable, .shortage, .unreachable, .shortage] {
            rig.provider.fail(.observe, of: device, with: ProviderError(kind, "no"))
            await rig.rounds(1, of: synchroniser)
        }
        #expect(await rig.array(of: device) == .active)
        rig.provider.fail(.observe, of: device, with: ProviderError(.unreachable, "no"))
        await rig.rounds(1, of: synchroniser)
        #expect(await rig.array(of: device) == .nonFunctional)
    }

    @Test("has nobody claimed whom nobody could look at, until somebody can")
    func unseen() async throws {
        let rig = try await Rig(1)
        rig.provider.fail(.observe, of: "d01", with: Self.lack)
        let synchroniser = rig.synchroniser()
        await rig.rounds(1, of: synchroniser)
        await #expect(throws: PlacementError.self) { try await rig.claim(1) }
        let observation = await rig.pool.status(of: "d01")?.observation
        #expect(observation?.health == .unreachable && observation?.reasons == [Self.lack.message])
        rig.provider.fail(.observe, of: "d01", with: nil)
        await rig.rounds(1, of: synchroniser)
        #expect(try await rig.claim(1).count == 1)
    }

    @Test("strikes no device that a start could not be sent to")
    func start() async throws {
        let rig = try await Rig(1)
        await rig.rounds(1, of: rig.synchroniser())
        rig.provider.fail(.power(.on), of: "d01", with: Self.lack)
        let provision = Task { try await rig.manager.provision(.group("g")) }
        try await rig.pass { rig.provider.steps(on: "d01").contains(.power(.on)) }
        rig.provider.fail(.power(.on), of: "d01", with: nil)
        try await rig.pass { await rig.pool.status(of: "d01")?.claim?.state == .running }
        #expect(try await provision.value.hasSuffix("d01"))
    }
}
