internal import Core
internal import HTTPClient

/// How a BMC answered to the wish for its events.
struct EventStreamAnswer: Sendable {
    private let status: Int
    private let contentType: String
    let body: HTTPBodyStream

    init(_ stream: HTTPResponseStream) {
        status = stream.status
        contentType = stream.headers["Content-Type"]?.lowercased() ?? ""
        body = stream.body
    }

    /// WHATWG HTML, section 9.2.2: anything else fails the connection.
    var isEventStream: Bool { status == 200 && contentType.hasPrefix("text/event-stream") }

    /// Whether the refusal is a passing one. 503 is none: the BMC serves as many streams as it can
    /// (DSP0266, "Server-sent events", lets it limit them).
    var mayBeOfferedSoon: Bool {
        status == 408 || status == 429 || [500, 502, 504].contains(status)
    }
}

extension RedfishClient {
    /// Opens a stream of events. It passes by the gate: the gate's one request would otherwise
    /// never end.
    /// - Parameter lastEventID: where an earlier stream broke off; empty for none.
    func events(
        _ link: String, after lastEventID: String
    ) async throws(RedfishFailure) -> EventStreamAnswer {
        var request = try request("GET", link)
        request.headers["Accept"] = "text/event-stream"
        request.headers["Cache-Control"] = "no-store"
        if !lastEventID.isEmpty { request.headers["Last-Event-ID"] = lastEventID }
        // A BMC that has said nothing for so long may have forgotten the stream.
        request.stallTimeout = Self.longestSilence
        do throws(HTTPError) {
            return EventStreamAnswer(
                try await http.stream(request, maximumBufferedBytes: 64 << 10))
        } catch {
            throw failure(for: error, mayHaveActed: false)
        }
    }

    private static var longestSilence: Duration { .seconds(1800) }
}
