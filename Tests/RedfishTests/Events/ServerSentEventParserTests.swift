import Testing

@testable import Redfish

/// WHATWG HTML, sections 9.2.5 and 9.2.6.
@Suite struct ServerSentEventParserTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let stream: String
        let events: [ServerSentEvent]
        var lastID = ""
        var retry: Duration?

        var testDescription: String { name }
    }

    static func event(_ text: String, type: String = "message", id: String = "") -> ServerSentEvent
    {
        ServerSentEvent(type: type, data: Array(text.utf8), lastID: id)
    }

    static let cases: [Case] = [
        Case(name: "an event", stream: "data: a\n\n", events: [event("a")]),
        Case(name: "lines of data", stream: "data: a\ndata: b\n\n", events: [event("a\nb")]),
        Case(name: "CR LF", stream: "data: a\r\ndata: b\r\n\r\n", events: [event("a\nb")]),
        Case(name: "CR", stream: "data: a\rdata: b\r\r", events: [event("a\nb")]),
        Case(
            name: "ends of lines mixed", stream: "data: a\r\ndata: b\rdata: c\n\r\n",
            events: [event("a\nb\nc")]),
        Case(name: "a byte order mark", stream: "\u{FEFF}data: a\n\n", events: [event("a")]),
        Case(
            name: "a byte order mark later on", stream: "data: a\n\n\u{FEFF}data: b\n\n",
            events: [event("a")]),
        Case(
            name: "comments", stream: ":\n\n: keep alive\n\ndata: a\n:between\ndata: b\n\n",
            events: [event("a\nb")]),
        Case(name: "no blank after the colon", stream: "data:a\n\n", events: [event("a")]),
        Case(name: "only one blank is left out", stream: "data:  a\n\n", events: [event(" a")]),
        Case(name: "a colon in the value", stream: "data: a:b\n\n", events: [event("a:b")]),
        Case(name: "a name without a colon", stream: "data\ndata\n\n", events: [event("\n")]),
        Case(name: "empty data", stream: "data\n\n", events: [event("")]),
        Case(name: "no data", stream: "event: x\n\ndata: a\n\n", events: [event("a")]),
        Case(
            name: "a type", stream: "event: alert\ndata: a\n\ndata: b\n\n",
            events: [event("a", type: "alert"), event("b")]),
        Case(
            name: "an id stays", stream: "id: 7\ndata: a\n\ndata: b\n\n",
            events: [event("a", id: "7"), event("b", id: "7")], lastID: "7"),
        Case(
            name: "an empty id takes it back", stream: "id: 7\ndata: a\n\nid\ndata: b\n\n",
            events: [event("a", id: "7"), event("b")]),
        Case(
            name: "an id with NUL is ignored", stream: "id: 7\n\nid: 8\u{0}\ndata: a\n\n",
            events: [event("a", id: "7")], lastID: "7"),
        Case(name: "an id without data counts", stream: "id: 7\n\n", events: [], lastID: "7"),
        Case(name: "an id not dispatched", stream: "id: 7\ndata: a", events: []),
        Case(
            name: "retry", stream: "retry: 2500\n\n", events: [], retry: .milliseconds(2500)),
        Case(name: "retry that is no number", stream: "retry: 2s\nretry: -1\n\n", events: []),
        Case(name: "retry without end", stream: "retry: 99999999999999999999\n\n", events: []),
        Case(name: "an unknown field", stream: "Data: a\nfoo: b\n\n", events: []),
        Case(
            name: "an event that was cut off", stream: "data: a\n\ndata: b\n", events: [event("a")]),
        Case(name: "text beyond ASCII", stream: "data: Lüfter ✓\n\n", events: [event("Lüfter ✓")]),
        Case(
            name: "the standard's stock example",
            stream: "data: YHOO\ndata: +2\ndata: 10\n\n", events: [event("YHOO\n+2\n10")]),
        Case(
            name: "the standard's four blocks",
            stream: ": test stream\n\ndata: first event\nid: 1\n\n"
                + "data:second event\nid\n\ndata:  third event\n\n",
            events: [event("first event", id: "1"), event("second event"), event(" third event")]),
    ]

    @Test("a stream is read the same in whatever pieces it comes", arguments: cases)
    func pieces(_ example: Case) {
        let bytes = Array(example.stream.utf8)
        var splits = (0...bytes.count).map { [bytes[..<$0], bytes[$0...]] }
        splits.append(bytes.indices.map { bytes[$0...$0] })
        for split in splits {
            var parser = ServerSentEventParser()
            #expect(split.flatMap { parser.feed($0) } == example.events)
            #expect(parser.lastEventID == example.lastID)
            #expect(parser.retry == example.retry)
            #expect(parser.oversized == 0)
        }
    }

    @Test("a stream that is opened again goes on with the id of the one before")
    func resumed() {
        var parser = ServerSentEventParser(lastEventID: "41")
        #expect(parser.feed("data: a\n\n".utf8) == [Self.event("a", id: "41")])
        #expect(parser.lastEventID == "41")
    }

    private static let small = ServerSentEventParser.Limits(line: 32, event: 64, name: 8)

    @Test(
        "what is too long is passed over and counted, and the stream goes on",
        arguments: [
            "data: \(String(repeating: "x", count: 100))\n\n",
            String(repeating: "y", count: 100) + "\n\n",
            String(repeating: "data: 0123456789\n", count: 7) + "\n",
        ])
    func tooLong(_ oversized: String) {
        var parser = ServerSentEventParser(limits: Self.small)
        #expect(parser.feed((oversized + "data: after\n\n").utf8) == [Self.event("after")])
        #expect(parser.oversized == 1)
    }

    @Test("a comment, an id or a type that is too long takes no event with it")
    func longExtras() {
        let long = String(repeating: "x", count: 20)
        var parser = ServerSentEventParser(limits: Self.small)
        let stream = ":\(long)\(long)\nid: \(long)\nevent: \(long)\ndata: a\n\n"
        #expect(parser.feed(stream.utf8) == [Self.event("a")])
        #expect(parser.oversized == 0)
    }

    @Test("a stream without an end of line or event holds no more than the limits allow")
    func bounded() {
        var line = ServerSentEventParser(limits: Self.small)
        var event = ServerSentEventParser(limits: Self.small)
        for _ in 0..<10_000 {
            #expect(line.feed("data: xxxxxxxx".utf8).isEmpty)
            #expect(event.feed("data: x\n".utf8).isEmpty)
            #expect(line.heldBytes <= 96 && event.heldBytes <= 96)
        }
    }
}
