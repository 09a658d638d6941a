import Core
import Foundation
import HTTPClient
import Locking
import Logging
import TestServer
import Testing

@testable import Redfish

@Suite("A deep look in the background", .timeLimit(.minutes(5)))
struct BackgroundLookTests {
    /// A clock that a test moves, and on which a sleep ends with its task alone.
    private final class Clock: TimeSource {
        private let now = Mutex(Duration.zero)
        var uptime: Duration { now.withLock { $0 } }
        var date: Date { Date() }
        func advance(by duration: Duration) { now.withLock { $0 += duration } }
        func sleep(for duration: Duration) async throws {
            await Cancellation.arrival()
            throw CancellationError()
        }
    }

    private let clock = Clock()
    private let provider: RedfishProvider

    init() {
        provider = RedfishProvider(
            http: HTTPClient(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            time: clock)
    }

    private func isQuiet() async throws {
        while provider.backgroundLooks.count > 0 {
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    @Test("finds the reasons that the next looks show, and is made once in ten minutes")
    func reasons() async throws {
        let service = try FakeService(SickMachine.olderSchemas)
        defer { service.server.stop() }
        let device = service.device()
        let first = try await provider.observe(device)
        #expect(first.reasons == ["System: Critical"])
        try await isQuiet()
        let before = service.lines().count
        for _ in 0..<3 {
            let next = try await provider.observe(device)
            #expect(next.health == .critical)
            #expect(next.reasons.first == "CPU1 Temp: Critical: 98 °C, limit 95")
            #expect(next.reasons.contains("PSU 2: Critical: input lost"))
            #expect(!next.reasons.contains("System: Critical"))
        }
        #expect(service.lines(since: before).count == 3, "a look is one request again")
        clock.advance(by: .seconds(601))
        let late = try await provider.observe(device)
        #expect(late.reasons.contains("PSU 2: Critical: input lost"))
        try await isQuiet()
        #expect(service.lines(since: before).count > 10)
    }

    @Test("is made at once when the status changes, and not while it explains itself")
    func changes() async throws {
        let service = try FakeService(SickMachine.resources())
        defer { service.server.stop() }
        let device = service.device()
        func look(_ status: JSON) async throws -> Int {
            service[Rack.system] = service[Rack.system]?.setting(["Status": status])
            let before = service.lines().count
            _ = try await provider.observe(device)
            try await isQuiet()
            return service.lines(since: before).count
        }
        #expect(try await look(["Health": "OK"]) == 3)
        #expect(try await look(["Health": "Warning"]) > 1)
        #expect(try await look(["Health": "Warning"]) == 1)
        #expect(try await look(["Health": "Critical"]) > 1)
        #expect(try await look(["Health": "OK"]) == 1)
        let conditions: JSON = [["Severity": "Critical", "Message": "Input lost."]]
        #expect(try await look(["Health": "Critical", "Conditions": conditions]) == 1)
    }

    @Test("is one at a time for a BMC")
    func oneAtATime() async throws {
        let sick: JSONObject = ["Status": ["Health": "Critical"]]
        let resources = Rack.service([
            "/redfish/v1/Systems/a": Rack.computer("a", sick),
            "/redfish/v1/Systems/b": Rack.computer("b", sick),
        ])
        let service = try FakeService(resources)
        defer { service.server.stop() }
        for name in ["a", "b"] {
            _ = try await provider.observe(service.device(name, system: name))
            #expect(provider.backgroundLooks.count <= 1)
        }
        try await isQuiet()
        #expect(service.server.log.mostInFlight == 1)
    }

    @Test("is aborted when the device is forgotten and when the provider is shut down")
    func aborted() async throws {
        for ends in [true, false] {
            let service = try FakeService(SickMachine.olderSchemas) { request, _ in
                request.path == "/thermal" ? .hold : nil
            }
            defer { service.server.stop() }
            let device = service.device()
            _ = try await provider.observe(device)
            await service.server.wait { $0.lines.contains("GET /thermal") }
            if ends { await provider.forget(device) } else { await provider.shutdown() }
            #expect(provider.backgroundLooks.count == 0)
            #expect(provider.heldCounts == (0, 0))
            #expect(service.lines().last == "GET /thermal")
        }
    }
}
