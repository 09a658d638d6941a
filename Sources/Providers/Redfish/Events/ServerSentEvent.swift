/// One event of a stream of server-sent events (WHATWG HTML, section 9.2.6).
struct ServerSentEvent: Sendable, Hashable {
    /// The event's type; `message` if the stream names none.
    var type = "message"
    /// The lines of data, joined with line feeds.
    var data: [UInt8]
    /// What to say in `Last-Event-ID` when the stream is opened again; empty if nothing.
    var lastID = ""

    var text: String { String(decoding: data, as: UTF8.self) }
}
