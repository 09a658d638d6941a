import Core
import Foundation
import HTTPClient
import Simulator
import Testing

@Suite(.timeLimit(.minutes(5))) struct EventTests {
    private let path = "/redfish/v1/EventService/SSE"

    /// Opens the stream of a BMC's events.
    private func open(
        _ bmc: SimulatedBMC, _ http: HTTPClient, after lastEventID: String? = nil
    ) async throws -> HTTPResponseStream {
        var request = HTTPRequest(url: bmc.url + path)
        request.headers["Last-Event-ID"] = lastEventID
        return try await http.stream(request)
    }

    /// Reads until so many events, each ended by a blank line, have come, or the stream ends.
    private func text(of stream: HTTPResponseStream, events: Int) async -> String {
        var text = ""
        var pieces = stream.body.makeAsyncIterator()
        while text.components(separatedBy: "\n\n").count <= events {
            guard let piece = try? await pieces.next() else { break }
            text += String(decoding: piece, as: UTF8.self)
        }
        return text
    }

    @Test("health and power are told of as they change, as DSP0266 has it")
    func tells() async throws {
        try await withRack { rack in
            let http = HTTPClient()
            defer { http.shutdown() }
            let bmc = rack.bmcs[0]
            let stream = try await open(bmc, http)
            #expect(stream.status == 200)
            #expect(stream.headers["Content-Type"] == "text/event-stream")
            try await bmc.waitForEventStreams(1)
            bmc.systems[0].setHealth(.critical, reason: "fan 3 lost")
            bmc.systems[0].power = .on
            // The first is the comment that opens the stream.
            let events = await text(of: stream, events: 3).components(separatedBy: "\n\n")
            #expect(events[0] == ":")
            #expect(events[1].hasPrefix("id: 1\ndata: {\"@odata.type\":\"#Event."))
            let lines = events.dropFirst().map { $0.components(separatedBy: "\ndata: ").last ?? "" }
            let records = lines.compactMap { try? JSON(parsing: Array($0.utf8)) }.compactMap {
                $0["Events"]?[0]
            }
            #expect(records.map { $0["MessageSeverity"] } == ["Critical", "OK"])
            #expect(
                records.map { $0["MessageId"] } == [
                    "ResourceEvent.1.3.ResourceStatusChangedCritical",
                    "ResourceEvent.1.3.ResourcePoweredOn",
                ])
            #expect(records[0]["Message"] == "fan 3 lost")
            #expect(records[0]["OriginOfCondition"]?["@odata.id"] == .string(systemPath))
        }
    }

    @Test("who comes back is told what it has missed")
    func replays() async throws {
        try await withRack { rack in
            let http = HTTPClient()
            defer { http.shutdown() }
            let bmc = rack.bmcs[0]
            let first = try await open(bmc, http)
            try await bmc.waitForEventStreams(1)
            for _ in 0..<3 { bmc.systems[0].setHealth(.warning) }
            #expect(await text(of: first, events: 4).contains("id: 3\n"))
            bmc.dropEventStreams()
            let second = try await open(bmc, http, after: "1")
            let missed = await text(of: second, events: 3)
            #expect(missed.contains("id: 2\n") && missed.contains("id: 3\n"))
            #expect(!missed.contains("id: 1\n"))
        }
    }

    @Test("events-drop ends the stream after each event")
    func drops() async throws {
        try await withRack(1, { $0.dialects = [.eventsDrop] }) { rack in
            let http = HTTPClient()
            defer { http.shutdown() }
            let bmc = rack.bmcs[0]
            let stream = try await open(bmc, http)
            try await bmc.waitForEventStreams(1)
            for _ in 0..<2 { bmc.systems[0].setHealth(.warning) }
            #expect(await text(of: stream, events: 9).contains("id: 1\n"))
            let again = try await open(bmc, http, after: "1")
            let rest = await text(of: again, events: 9)
            #expect(rest.contains("id: 2\n"))
        }
    }

    @Test("no-events names a stream that is not there")
    func none() async throws {
        try await withRack(1, { $0.dialects = [.noEvents] }) { rack in
            let client = try await TestClient(to: rack.bmcs[0].url)
            let service = try await client.get("/redfish/v1/EventService")
            #expect(service.json["ServerSentEventUri"] == .string(path))
            #expect(try await client.get(path).status == 404)
            await client.close()
        }
    }

    @Test("a stream takes the BMC's account as any other request does, and no other method")
    func refusals() async throws {
        let account = Credentials(username: "admin", password: Secret("pass"))
        try await withRack(1, { $0.credentials = account }) { rack in
            let client = try await TestClient(to: rack.bmcs[0].url)
            #expect(try await client.get(path).status == 401)
            let answer = try await client.send("POST", path, headers: basic("admin", "pass"))
            #expect(answer.status == 405)
            await client.close()
        }
    }
}
