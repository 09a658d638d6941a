internal import TestServer

/// One thing that a hostile BMC does, and what has to come of it. The next one is a line in the table.
public struct Trick: Sendable, CustomStringConvertible {
    public enum Place: Sendable { case root, systems, system }

    /// What a look says.
    public enum Outcome: Sendable, Hashable {
        /// It fails, and its text holds this.
        case refused(String)
        /// It succeeds: what it brings is to be bounded.
        case bounded
    }

    public let description: String
    let place: Place
    public let outcome: Outcome
    let reply: @Sendable () -> TestReply

    init(
        _ description: String, at place: Place = .system, _ outcome: Outcome,
        _ reply: @escaping @Sendable () -> TestReply
    ) {
        self.description = description
        self.place = place
        self.outcome = outcome
        self.reply = reply
    }

    /// All that is known.
    public static let all: [Trick] = values + texts

    /// Few bytes on the wire that become many values.
    private static let values: [Trick] = [
        Trick("a gzip of empty objects", .refused("more than 30000 values")) {
            .gzip(before: "{\"a\":[{}", again: ",{}", 100_000, after: "]}")
        },
        Trick("a gzip of empty arrays, one in another's place", .refused("more than 30000 values"))
        {
            .gzip(before: "{\"a\":[[]", again: ",[]", 100_000, after: "]}")
        },
        Trick("a gzip of zeros", .refused("more than 30000 values")) {
            .gzip(before: "{\"a\":[0", again: ",0", 100_000, after: "]}")
        },
        Trick("objects that lack their end, for a lenient reader", .refused("is no JSON")) {
            .gzip(before: "{\"a\":[{}", again: ",{}", 100_000, after: "")
        },
        Trick("objects with a comma too many", .refused("more than 30000 values")) {
            .gzip(before: "{\"a\":[{}", again: ",{}", 100_000, after: ",]}")
        },
        Trick("values in the service root", at: .root, .refused("more than 30000 values")) {
            .gzip(before: "{\"a\":[{}", again: ",{}", 100_000, after: "]}")
        },
        Trick("a million systems", at: .systems, .refused("more than 30000 values")) {
            .gzip(before: "{\"Members\":[{}", again: ",{}", 100_000, after: "]}")
        },
        Trick("a body that swells", .refused("the body is longer than")) {
            .gzip(before: "{\"a\":[{}", again: ",{}", 750_000, after: "]}")
        },
        Trick("a refusal with a million messages", .refused("400")) {
            .gzip(
                400, before: "{\"error\":{\"@Message.ExtendedInfo\":[{}", again: ",{}", 60_000,
                after: "]}}")
        },
    ]

    /// Texts that would fill the log, the history and the state.
    private static let texts: [Trick] = [
        Trick("thousands of conditions", .bounded) {
            let condition = #"{"Severity":"Critical","Message":"fan lost its bearing"}"#
            return .system(
                #""Status":{"Health":"Critical","Conditions":["#
                    + Array(repeating: condition, count: 5000).joined(separator: ",") + "]}")
        },
        Trick("a condition of a megabyte", .bounded) {
            .system(
                #""Status":{"Health":"Critical","Conditions":[{"Severity":"Critical","Message":""#
                    + String(repeating: "ä", count: 500_000) + #""}]}"#)
        },
        Trick("a character of a megabyte", .bounded) {
            .system(
                #""Status":{"Health":"Critical","Conditions":[{"Severity":"Critical","Message":"a"#
                    + String(repeating: "\u{0301}", count: 500_000) + #""}]}"#)
        },
        Trick("a serial number of a megabyte", .bounded) {
            .system(#""SerialNumber":""# + String(repeating: "S7", count: 500_000) + #"""#)
        },
        Trick("a model of a megabyte", .bounded) {
            .system(#""Model":""# + String(repeating: "x1", count: 500_000) + #"""#)
        },
        Trick("a refusal of a megabyte", .refused("400")) {
            .answer(
                400, #"{"error":{"message":""# + String(repeating: "x", count: 200_000) + #""}}"#)
        },
    ]
}

extension TestReply {
    fileprivate static func system(_ members: String) -> TestReply {
        .answer(200, #"{"Id":"1","Name":"System","PowerState":"On",\#(members)}"#)
    }

    fileprivate static func gzip(
        _ status: Int = 200, before: String, again: String, _ count: Int, after: String
    ) -> TestReply {
        .answer(
            status, bytes: Gzip.repeating(before: before, again, count, after: after),
            headers: ["Content-Encoding": "gzip", "Content-Type": "application/json"])
    }
}
