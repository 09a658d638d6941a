import Core
import HTTPClient
import Locking
import Logging
import TestServer
import Testing

@testable import Redfish

@Suite("Listening to a BMC's events", .timeLimit(.minutes(5)))
struct EventListenerTests {
    private static let stream = "/redfish/v1/EventService/SSE"
    private static let critical = #"{"Events": [{"Severity": "Critical", "Message": "fan lost"}]}"#

    /// A service whose stream is what `answer` says.
    private static func service(
        _ members: JSONObject = [:], _ answer: @escaping @Sendable (TestRequest) -> TestReply
    ) throws -> FakeService {
        var resources = Rack.oneSystem()
        resources["/redfish/v1"] = (resources["/redfish/v1"] ?? [:]).setting([
            "EventService": ["@odata.id": "/redfish/v1/EventService"]
        ])
        let plain: JSON = ["ServerSentEventUri": .string(stream)]
        resources["/redfish/v1/EventService"] = plain.setting(members)
        return try FakeService(resources) { request, _ in
            request.path == stream ? answer(request) : nil
        }
    }

    private static func opened(_ events: String, close: Bool = true) -> TestReply {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n\r\n"
        return close ? .raw(head + events, close: true) : .begin(Array((head + events).utf8))
    }

    /// What came of listening until so many pauses had been made.
    private struct Outcome {
        var pauses: [Duration] = []
        var reasons: [String] = []
        var counts = EventTally.Counts()
    }

    private func listen(to service: FakeService, pauses: Int) async -> Outcome {
        let provider = Rack.provider()
        let time = PacedTime(limit: pauses)
        let reasons = Reasons()
        let listener = EventListener(
            client: provider.enter(service.device()).0, time: time, tally: provider.eventTally,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, chance: { 0.5 })
        await listener.run { reasons.add($0) }
        return Outcome(
            pauses: time.pauses, reasons: reasons.all, counts: provider.eventTally.counts)
    }

    @Test("a stream that breaks is opened again where it broke off, after what the server asks for")
    func resumes() async throws {
        let service = try Self.service { request in
            request.headers["last-event-id"] == "41"
                ? Self.opened("data: {}\n\n")
                : Self.opened("retry: 7000\nid: 41\ndata: \(Self.critical)\n\n")
        }
        defer { service.server.stop() }
        let outcome = await listen(to: service, pauses: 3)
        #expect(outcome.pauses == [.seconds(7), .seconds(7), .seconds(7)])
        #expect(outcome.reasons == ["Critical: fan lost"])
        let streams = service.server.log.requests.filter { $0.path == Self.stream }
        #expect(streams.map { $0.headers["last-event-id"] } == [nil, "41", "41"])
        #expect(streams.allSatisfy { $0.headers["accept"] == "text/event-stream" })
        // "admin:hunter2"
        #expect(
            streams.allSatisfy { $0.headers["authorization"] == "Basic YWRtaW46aHVudGVyMg==" })
        // The place is looked for once.
        #expect(service.lines().count == 5)
    }

    @Test(
        "a BMC that refuses its stream is left alone for an hour",
        arguments: [204, 301, 401, 403, 404, 405, 406, 501, 503])
    func refused(_ status: Int) async throws {
        let service = try Self.service { _ in
            .answer(status, "{}", headers: ["Location": "http://127.0.0.1:1/"])
        }
        defer { service.server.stop() }
        #expect(await listen(to: service, pauses: 2).pauses == [.seconds(3600), .seconds(3600)])
    }

    @Test("one that fails for now is asked again, after pauses that grow", arguments: [429, 500])
    func failing(_ status: Int) async throws {
        let service = try Self.service { _ in .answer(status) }
        defer { service.server.stop() }
        #expect(
            await listen(to: service, pauses: 3).pauses == [.seconds(2), .seconds(4), .seconds(8)])
    }

    @Test("so is one that can't be reached")
    func unreachable() async throws {
        let service = try Self.service { _ in .close }
        service.server.stop()
        #expect(
            await listen(to: service, pauses: 3).pauses == [.seconds(2), .seconds(4), .seconds(8)])
    }

    @Test("what is no event stream is none, whatever its status")
    func wrongType() async throws {
        let service = try Self.service { _ in
            .answer(200, "data: \(Self.critical)\n\n", headers: ["Content-Type": "text/html"])
        }
        defer { service.server.stop() }
        let outcome = await listen(to: service, pauses: 1)
        #expect(outcome.reasons.isEmpty && outcome.pauses == [.seconds(3600)])
    }

    @Test(
        "a service without a stream is not asked for one",
        arguments: [
            ["ServerSentEventUri": nil], ["ServiceEnabled": false],
        ] as [JSONObject])
    func none(_ members: JSONObject) async throws {
        let service = try Self.service(members) { _ in .answer() }
        defer { service.server.stop() }
        #expect(await listen(to: service, pauses: 1).pauses == [.seconds(3600)])
        #expect(!service.lines().contains("GET \(Self.stream)"))
    }

    @Test("credentials go to no other host, even if the BMC says that its stream is there")
    func elsewhere() async throws {
        let other = try TestServer { _ in .answer() }
        defer { other.stop() }
        let service = try Self.service(["ServerSentEventUri": .string(other.url + "/x")]) { _ in
            .answer()
        }
        defer { service.server.stop() }
        _ = await listen(to: service, pauses: 2)
        #expect(other.log.requests.isEmpty)
    }

    @Test("what makes no sense is counted and ignored, and the stream goes on")
    func malformed() async throws {
        let long = String(repeating: "x", count: 300 << 10)
        let service = try Self.service { _ in
            Self.opened(
                "data: hello\n\ndata: [1]\n\ndata: \(long)\n\ndata: {}\n\n"
                    + "data: \(Self.critical)\n\n")
        }
        defer { service.server.stop() }
        let outcome = await listen(to: service, pauses: 1)
        #expect(outcome.reasons == ["Critical: fan lost"])
        #expect(
            outcome.counts
                == .init(streams: 1, events: 4, alerts: 1, malformed: 2, oversized: 1))
    }

    @Test("a stream stays open beside the BMC's other requests, and ends with its task")
    func beside() async throws {
        let service = try Self.service { _ in
            Self.opened("data: \(Self.critical)\n\n", close: false)
        }
        defer { service.server.stop() }
        let provider = Rack.provider()
        let (alerts, alert) = AsyncStream.makeStream(of: String.self)
        let listening = Task {
            await provider.listen(to: service.device()) { alert.yield($0) }
        }
        var reasons = alerts.makeAsyncIterator()
        #expect(await reasons.next() == "Critical: fan lost")
        #expect(try await provider.observe(service.device()).power == .on)
        #expect(service.lines().filter { $0 == "GET \(Self.stream)" }.count == 1)
        listening.cancel()
        await listening.value
    }
}

/// What the listener gave as reasons.
private final class Reasons: Sendable {
    private let state = Mutex<[String]>([])

    var all: [String] { state.withLock { $0 } }

    func add(_ reason: String) {
        state.withLock { $0.append(reason) }
    }
}
