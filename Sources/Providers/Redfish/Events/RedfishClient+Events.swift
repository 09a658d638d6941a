internal import Core
internal import HTTPClient

/// How a BMC answered to the wish for its events.
struct EventStreamAnswer: Sendable {
    private let status: Int
    private let contentType: String
    private let isToken: Bool
    let body: HTTPBodyStream

    init(_ stream: HTTPResponseStream, _ authorisation: Authorisation) {
        status = stream.status
        contentType = stream.headers["Content-Type"]?.lowercased() ?? ""
        isToken = if case .token = authorisation { true } else { false }
        body = stream.body
    }

    /// WHATWG HTML, section 9.2.2: anything else fails the connection.
    var isEventStream: Bool { status == 200 && contentType.hasPrefix("text/event-stream") }

    /// Whether the refusal is a passing one. 503 is none: a BMC serves as many streams as it can
    /// (DSP0266, "Server-sent events"). A session that was forgotten is opened again by the next
    /// request.
    var mayBeOfferedSoon: Bool {
        [408, 429, 500, 502, 504].contains(status) || status == 401 && isToken
    }
}

extension RedfishClient {
    /// A BMC that has said nothing for so long may have forgotten the stream.
    private static var longestSilence: Duration { .seconds(1800) }

    /// Opens a stream of events. It passes by the gate: the gate's one request would otherwise
    /// never end.
    /// - Parameter lastEventID: where an earlier stream broke off; empty for none.
    func events(
        _ link: String, after lastEventID: String
    ) async throws(RedfishFailure) -> EventStreamAnswer {
        var message = BMCMessage(method: "GET", path: try path(of: link), mask: mask)
        message.authorisation = try await authorisation()
        var request = transport.request(for: message, transport.line.origin + message.path)
        request.headers["Accept"] = "text/event-stream"
        request.headers["Cache-Control"] = "no-store"
        if !lastEventID.isEmpty { request.headers["Last-Event-ID"] = lastEventID }
        request.stallTimeout = Self.longestSilence
        let wanted = request
        do throws(HTTPError) {
            let stream = try await transport.http.stream(wanted, maximumBufferedBytes: 64 << 10)
            return EventStreamAnswer(stream, message.authorisation)
        } catch {
            throw await RedfishFailure(
                unanswered: wanted, message, error, transport.http, mayHaveActed: false)
        }
    }
}
