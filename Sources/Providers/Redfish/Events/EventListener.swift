internal import Core
internal import HTTPClient
internal import Logging

/// Listens to one BMC's event stream (DSP0266, "Server-sent events"), and connects again when it is
/// lost. It has a connection of its own, beside the one request that may be in flight.
struct EventListener: Sendable {
    let client: RedfishClient
    let time: any TimeSource
    let tally: EventTally
    let logger: Logger
    /// 0..<1, at random.
    let chance: @Sendable () -> Double

    /// After so many bytes a second's pause is made, in which the server has to wait: a stream that
    /// never stops takes little of our time.
    private static let breath = 256 << 10

    /// What outlives a connection.
    private struct Memory {
        var uri: String?
        var lastEventID = ""
        var retry: Duration?
    }

    /// Listens until the task is cancelled.
    func run(alert: @Sendable (String) async -> Void) async {
        var pacing = EventPacing()
        var memory = Memory()
        while !Task.isCancelled {
            let cause = await listen(&memory, alert)
            guard !Task.isCancelled else { return }
            let pause = pacing.pause(after: cause, retry: memory.retry, chance: chance())
            logger.debug("no event stream (\(cause)); next attempt in \(pause.text)")
            do {
                try await time.sleep(for: pause)
            } catch {
                return
            }
        }
    }

    private func listen(
        _ memory: inout Memory, _ alert: (String) async -> Void
    ) async -> EventPacing.Cause {
        do throws(RedfishFailure) {
            let uri: String
            if let known = memory.uri {
                uri = known
            } else {
                guard let found = try await findURI() else { return .refused }
                uri = found
                memory.uri = uri
            }
            let stream = try await client.events(uri, after: memory.lastEventID)
            guard stream.isEventStream else {
                // It may be elsewhere by the time of the next attempt.
                memory.uri = nil
                return stream.mayBeOfferedSoon ? .unreachable : .refused
            }
            return await read(stream.body, &memory, alert)
        } catch {
            memory.uri = nil
            return error.isGone || error.isRefusedAccess ? .refused : .unreachable
        }
    }

    private func findURI() async throws(RedfishFailure) -> String? {
        let root = ServiceRoot(try await client.get(ServiceRoot.path))
        guard let link = root.eventService else { return nil }
        let service = EventService(try await client.get(link))
        return service.isEnabled ? service.serverSentEventURI : nil
    }

    private func read(
        _ body: HTTPBodyStream, _ memory: inout Memory, _ alert: (String) async -> Void
    ) async -> EventPacing.Cause {
        let start = time.uptime
        var parser = ServerSentEventParser(lastEventID: memory.lastEventID)
        var pieces = body.makeAsyncIterator()
        var count = 0
        var oversized = 0
        var bytes = 0
        tally.add { $0.streams += 1 }
        // However the stream ends, it is opened again.
        while let piece = try? await pieces.next() {
            let events = parser.feed(piece)
            memory.lastEventID = parser.lastEventID
            memory.retry = parser.retry ?? memory.retry
            tally.add { $0.oversized += parser.oversized - oversized }
            oversized = parser.oversized
            count += events.count
            await report(events, alert)
            bytes += piece.count
            if bytes >= Self.breath {
                bytes = 0
                try? await time.sleep(for: .seconds(1))
            }
        }
        return .lost(after: time.uptime - start, events: count)
    }

    // Many events in one piece give one reason for a look.
    private func report(_ events: [ServerSentEvent], _ alert: (String) async -> Void) async {
        guard !events.isEmpty else { return }
        var reason: String?
        let notices = events.map { EventNotice($0.data, client.mask) }
        for case .alert(let text) in notices { reason = reason ?? text }
        tally.add { counts in
            counts.events += events.count
            for notice in notices {
                switch notice {
                case .alert: counts.alerts += 1
                case .malformed: counts.malformed += 1
                case .routine: break
                }
            }
        }
        if let reason { await alert(reason) }
    }
}
