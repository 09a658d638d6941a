import Testing

@testable import Core

@Suite("The number of values")
struct JSONValuesTests {
    @Test(
        "is counted as it is",
        arguments: [
            ("1", 1), ("[]", 2), ("[1]", 2), ("[1,2,3]", 4), (#"{"a":1}"#, 2),
            (#"{"a":[1,{"b":2}],"c":"x,[{,"}"#, 6), (#"["\",[",1]"#, 3),
        ])
    func count(_ text: String, _ count: Int) throws {
        // An empty array or object counts as one with a value.
        #expect(try JSON(parsing: Array(text.utf8), maximumValues: count) != .bool(false))
        #expect(throws: JSONParseError.self) {
            try JSON(parsing: Array(text.utf8), maximumValues: count - 1)
        }
    }

    @Test(
        "bounds what is read leniently, too",
        arguments: ["[1,2,3,]", "[1,2,3] more", "[1,\u{1}2,3]"])
    func lenient(_ text: String) throws {
        #expect(try JSON(lenient: Array(text.utf8), maximumValues: 10).array?.count == 3)
        #expect(throws: JSONParseError.self) {
            try JSON(lenient: Array(text.utf8), maximumValues: 3)
        }
    }

    @Test("is told where it is too large")
    func told() {
        let error = #expect(throws: JSONParseError.self) {
            try JSON(parsing: Array("[1,\n2,3]".utf8), maximumValues: 3)
        }
        #expect(error.map { "\($0)" } == "line 2, column 2: more than 3 values")
    }
}
