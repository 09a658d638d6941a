/// Reads a stream of server-sent events (WHATWG HTML, sections 9.2.5 and 9.2.6), fed in pieces that
/// may end anywhere.
///
/// A line or an event beyond the limits is passed over and counted; the stream goes on after it, so
/// that what is held never exceeds the limits.
struct ServerSentEventParser: Sendable {
    /// How much a stream may make us hold, in bytes.
    struct Limits: Sendable {
        /// One line, without its end.
        var line = 64 << 10
        /// The data of one event: a BMC may put many records in one.
        var event = 128 << 10
        /// An event's id or type. A longer one is ignored.
        var name = 256
    }

    /// What to say in `Last-Event-ID` when the stream is opened again; empty if nothing.
    private(set) var lastEventID: String
    /// How long the server wants a client to wait before it connects again; nil if it said nothing.
    private(set) var retry: Duration?
    /// How many events were passed over because they exceeded a limit.
    private(set) var oversized = 0
    /// How many bytes are held at present.
    var heldBytes: Int { line.count + data.count }

    private let limits: Limits
    private var line: [UInt8] = []
    private var data: [UInt8] = []
    private var type = ""
    private var id: String
    private var isAtStart = true
    private var wasCarriageReturn = false
    private var isLineTooLong = false
    private var isEventTooLong = false

    /// - Parameter lastEventID: what an earlier connection of the same stream left behind.
    init(lastEventID: String = "", limits: Limits = Limits()) {
        self.lastEventID = lastEventID
        id = lastEventID
        self.limits = limits
    }

    /// Takes the next piece of the stream; returns the events that it completes.
    mutating func feed(_ bytes: some Sequence<UInt8>) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        for byte in bytes {
            // A line ends with CR LF, LF or CR.
            let isSecondHalf = wasCarriageReturn && byte == 0x0A
            wasCarriageReturn = byte == 0x0D
            if isSecondHalf { continue }
            if byte == 0x0D || byte == 0x0A {
                if let event = endLine() { events.append(event) }
            } else if line.count < limits.line {
                line.append(byte)
            } else {
                isLineTooLong = true
            }
        }
        return events
    }

    private mutating func endLine() -> ServerSentEvent? {
        defer {
            line.removeAll(keepingCapacity: line.capacity <= 4096)
            isLineTooLong = false
            isAtStart = false
        }
        if isAtStart, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        guard !line.isEmpty else { return dispatch() }
        if isLineTooLong {
            // A comment that is too long takes no event with it.
            if line.first != UInt8(ascii: ":") { isEventTooLong = true }
            return nil
        }
        let name = line.prefix { $0 != UInt8(ascii: ":") }
        var value = line.dropFirst(name.count + 1)
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        take(String(decoding: name, as: UTF8.self), value)
        return nil
    }

    private mutating func take(_ field: String, _ value: ArraySlice<UInt8>) {
        switch field {
        case "data":
            guard data.count + value.count < limits.event else {
                isEventTooLong = true
                return
            }
            data += value
            data.append(0x0A)
        case "event" where value.count <= limits.name:
            type = String(decoding: value, as: UTF8.self)
        case "id" where value.count <= limits.name && !value.contains(0):
            id = String(decoding: value, as: UTF8.self)
        case "retry" where !value.isEmpty && value.count <= 12:
            guard value.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
                return
            }
            retry = Int64(String(decoding: value, as: UTF8.self)).map { .milliseconds($0) }
        default: break
        }
    }

    private mutating func dispatch() -> ServerSentEvent? {
        lastEventID = id
        defer {
            data = []
            type = ""
            isEventTooLong = false
        }
        if isEventTooLong {
            oversized += 1
            return nil
        }
        guard !data.isEmpty else { return nil }
        return ServerSentEvent(
            type: type.isEmpty ? "message" : type, data: Array(data.dropLast()), lastID: id)
    }
}
