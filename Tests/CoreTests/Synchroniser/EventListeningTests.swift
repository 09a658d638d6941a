import Core
import Foundation
import Locking
import Logging
import Testing

@testable import TestSupport

@Suite(.timeLimit(.minutes(5))) struct EventListeningTests {
    /// Runs `body` with a source that is listened to over these devices' BMCs.
    private func listening(
        to devices: [Device], _ body: (FakeEvents, EventListening, Rig) async throws -> Void
    ) async throws {
        let rig = try await Rig(devices: devices)
        let source = FakeEvents(rig.provider)
        let synchroniser = rig.synchroniser()
        let listening = EventListening(
            sources: ["fake": source], synchroniser: synchroniser, time: PromptTime(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        listening.listen(to: devices)
        let running = Task { await listening.run() }
        try await body(source, listening, rig)
        running.cancel()
        await running.value
        #expect(source.open.isEmpty)
    }

    @Test("there is one connection a BMC, whatever it steers, and none where nothing can be heard")
    func onePerBMC() async throws {
        let devices =
            (0..<6).map {
                Device(name: "d\($0)", provider: "fake", bmc: "fake://\($0 / 2)", system: "\($0)")
            } + [Device(name: "deaf", provider: "deaf", bmc: "deaf://1")]
        try await listening(to: devices) { source, _, _ in
            try await source.wait { $0.count == 3 }
            #expect(source.open == ["fake://0", "fake://1", "fake://2"])
            #expect(source.begun == 3)
        }
    }

    @Test("it follows the inventory: what left is let go, what came is listened to, the rest stays")
    func follows() async throws {
        let devices = Rig.devices(3)
        try await listening(to: devices) { source, listening, _ in
            try await source.wait { $0.count == 3 }
            let new = Device(name: "new", provider: "fake", bmc: "fake://new")
            listening.listen(to: Array(devices.dropFirst()) + [new])
            try await source.wait { $0 == ["fake://2", "fake://3", "fake://new"] }
            #expect(source.begun == 4)
            // Other credentials need another connection.
            let changed = Device(
                name: "new", provider: "fake", bmc: "fake://new",
                credentials: Credentials(username: "u", password: Secret("p")))
            listening.listen(to: [changed])
            try await source.wait { $0 == ["fake://new"] && source.begun == 5 }
        }
    }

    @Test("what a BMC reports has its devices looked at")
    func looks() async throws {
        try await listening(to: Rig.devices(3)) { source, _, rig in
            try await source.wait { $0.count == 3 }
            await source.alert("fake://2")
            while rig.looks(at: "d02") == 0 {
                try await rig.time.step(by: .seconds(1))
            }
            #expect(rig.looks(at: "d01") == 0 && rig.looks(at: "d03") == 0)
        }
    }
}

/// Fake hardware whose BMCs report what a test says.
private final class FakeEvents: EventSource, ForwardingProvider {
    private struct State {
        var open: [String: @Sendable (String) async -> Void] = [:]
        var begun = 0
    }

    let fake: FakeProvider
    private let state = Mutex(State())

    init(_ fake: FakeProvider) {
        self.fake = fake
    }

    var open: Set<String> { state.withLock { Set($0.open.keys) } }
    var begun: Int { state.withLock { $0.begun } }

    func wait(until condition: (Set<String>) -> Bool) async throws {
        while !condition(open) {
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    func alert(_ bmc: String) async {
        let alert = state.withLock { $0.open[bmc] }
        await alert?("a test says so")
    }

    func listen(
        to device: Device, alert: @escaping @Sendable (_ reason: String) async -> Void
    ) async {
        state.withLock { state in
            state.open[device.bmc] = alert
            state.begun += 1
        }
        // Until the task is cancelled.
        let (never, hold) = AsyncStream.makeStream(of: Void.self)
        for await _ in never {}
        hold.finish()
        state.withLock { $0.open[device.bmc] = nil }
    }
}

/// A clock for which every pause is over at once.
private struct PromptTime: TimeSource {
    let uptime: Duration = .zero
    let date = Date(timeIntervalSince1970: 1_800_000_000)

    func sleep(for duration: Duration) async throws {}
}
