import Core
import Testing

@Suite("JSON parsing")
struct JSONParsingTests {
    @Test("keys stay in the order of the text")
    func orderedKeys() throws {
        let keys = (0..<200).map { "k\(($0 * 7919) % 200)" }
        let text = "{" + keys.map { "\"\($0)\":1" }.joined(separator: ",") + "}"
        #expect(try JSON(parsing: text).object?.keys == keys)
    }

    @Test(
        "any value may stand alone, among white space",
        arguments: [
            ("null", nil), ("true", true), (" false\n", false), ("\t0 ", 0), ("-0", 0),
            ("1.0", 1.0), ("-1.5e3", -1500.0), ("1E2", 100.0), ("\"\"", ""), ("[]", []),
            ("{}", [:]), ("[ 1 , [ ] , { } ]", [1, [], [:]]), ("{\"\":1}", ["": 1]),
        ] as [(String, JSON)])
    func values(text: String, value: JSON) throws {
        #expect(try JSON(parsing: text) == value)
    }

    @Test(
        "a string's escapes are undone",
        arguments: [
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""a\u0000b""#, "a\u{0}b"),
            (#""\u00e9\u20AC""#, "é€"), (#""\ud834\udd1e""#, "𝄞"), ("\"é𝄞\u{7F}\"", "é𝄞\u{7F}"),
        ])
    func strings(text: String, string: String) throws {
        let parsed = try #require(try JSON(parsing: text).string)
        #expect(Array(parsed.unicodeScalars) == Array(string.unicodeScalars))
    }

    @Test(
        "a faulty text is refused with the place of the fault",
        arguments: [
            ("", 1, 0), (" \n ", 2, 1), ("[1", 1, 2), ("{\"a\"", 1, 4), ("\"a", 1, 2),
            // Trailing text.
            ("1 2", 1, 3), ("[1]]", 1, 4), ("{}\n{}", 2, 1), ("[1,\n2,\n3 4]", 3, 3),
            // What is no value.
            ("{\n \"a\": x}", 2, 7), ("[\"éé\", x]", 1, 8), ("tru", 1, 3), ("'a'", 1, 1),
            ("[1,]", 1, 4), ("{\"a\":1,}", 1, 8), ("{a:1}", 1, 2), ("{1:1}", 1, 2),
            ("\u{FEFF}1", 1, 1),
            ("// no\n1", 1, 1),
            // Numbers.
            ("01", 1, 1), ("1.", 1, 2), (".5", 1, 1), ("+1", 1, 1), ("NaN", 1, 3), ("-", 1, 1),
            ("1e", 1, 2), ("[1,\n 1e400]", 2, 6),
            // Strings.
            ("\"a\nb\"", 1, 2), ("\"\t\"", 1, 1), (#""\x""#, 1, 3), (#""\u12""#, 1, 6),
        ])
    func faults(text: String, line: Int, column: Int) throws {
        let error = #expect(throws: JSONParseError.self) { try JSON(parsing: text) }
        #expect(error?.line == line)
        #expect(error?.column == column)
        #expect(error?.message.isEmpty == false)
        #expect(
            error?.description == "line \(line), column \(column): \(error?.message ?? "")")
    }

    @Test(
        "an integer beyond 64 bits is refused, not rounded",
        arguments: [
            "9223372036854775808", "-9223372036854775809", "99999999999999999999999",
            "{\"n\": 18446744073709551615}",
        ])
    func tooBig(text: String) {
        let error = #expect(throws: JSONParseError.self) { try JSON(parsing: text) }
        #expect(error?.message.contains("too big") == true)
    }

    @Test("a key given twice is refused, in an inner object too")
    func duplicates() {
        for text in [#"{"a":1,"a":1}"#, #"[{"x":{"a":1,"b":2,"\u0061":3}}]"#] {
            let error = #expect(throws: JSONParseError.self) { try JSON(parsing: text) }
            #expect(error?.message.contains("duplicate object key") == true)
        }
    }

    @Test("keys that differ in their Unicode form only are duplicates, as they are to Swift")
    func normalisation() {
        let error = #expect(throws: JSONParseError.self) {
            try JSON(parsing: #"{"caf\u00e9":1,"cafe\u0301":2}"#)
        }
        #expect(error?.message.contains("duplicate object key") == true)
    }

    @Test("NUL is a character of a string, but not of a key")
    func nulInKey() {
        #expect(throws: JSONParseError.self) { try JSON(parsing: #"{"a\u0000b":1}"#) }
    }

    @Test("a NUL byte never passes for the end of the text")
    func nulBytes() {
        for text in ["1\u{0}", "{}\u{0}\u{0}\u{0}", "[1,\n\u{0}]", "\"a\u{0}b\"", "\u{0}"] {
            let error = #expect(throws: JSONParseError.self) { try JSON(parsing: text) }
            #expect(error?.message == "NUL byte")
        }
        #expect(throws: JSONParseError(line: 2, column: 2, message: "NUL byte")) {
            try JSON(parsing: "[\né\u{0}]")
        }
    }

    @Test(
        "half a surrogate pair is refused",
        arguments: [#""\ud834""#, #""\udd1e""#, #""\ud834\ud834""#, #""\ud834x""#, #""\ud834\n""#])
    func surrogates(text: String) {
        #expect(throws: JSONParseError.self) { try JSON(parsing: text) }
    }

    @Test(
        "bytes that are not UTF-8 are refused",
        arguments: [
            [0xFF], [0x80], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80],
            [0xE2, 0x82],
        ] as [[UInt8]])
    func invalidUTF8(bytes: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        #expect(throws: JSONParseError.self) { try JSON(parsing: [quote] + bytes + [quote]) }
        #expect(throws: JSONParseError.self) { try JSON(parsing: bytes) }
    }

    @Test("nesting is allowed to the limit, and refused at the first bracket beyond it")
    func depth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try JSON(parsing: nested(JSON.standardDepth))
        #expect(throws: JSONParseError(line: 1, column: 65, message: "nested more than 64 deep")) {
            try JSON(parsing: nested(JSON.standardDepth + 1))
        }
        _ = try JSON(parsing: #"{"a":[{"b":1}]}"#, maximumDepth: 3)
        #expect(throws: JSONParseError(line: 2, column: 3, message: "nested more than 2 deep")) {
            try JSON(parsing: "{\"é\":[\n1,{\"b\":1}]}", maximumDepth: 2)
        }
    }

    @Test("no depth that is asked for overflows the stack")
    func greatestDepth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: #"{"a":"#, count: depth) + "1" + String(repeating: "}", count: depth)
        }
        let deep = try JSON(parsing: nested(2000), maximumDepth: .max)
        #expect(deep.description == nested(2000))
        #expect(throws: JSONParseError.self) {
            try JSON(parsing: nested(100_000), maximumDepth: .max)
        }
    }

    @Test("brackets inside a string are no nesting")
    func bracketsInStrings() throws {
        let text = #"["[[[[\"[[[[","# + #""\\",[]]"#
        #expect(try JSON(parsing: text, maximumDepth: 2) == [#"[[[["[[[["#, #"\"#, []])
    }
}
