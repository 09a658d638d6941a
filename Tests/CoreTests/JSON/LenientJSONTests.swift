import Core
import Testing

@Suite("JSON of another's making")
struct LenientJSONTests {
    private static let table: [([UInt8], JSON)] = [
        (Array(#"{"a": 1}"#.utf8), ["a": 1]),
        ([0xEF, 0xBB, 0xBF] + Array("[1]".utf8), [1]),
        (Array(#"{"a": "x"#.utf8) + [0xFF] + Array(#"y"}"#.utf8), ["a": "x\u{FFFD}y"]),
        (Array(#"{"a": "K"#.utf8) + [0xFC] + Array(#"hl"}"#.utf8), ["a": "K\u{FFFD}hl"]),
        (Array("{\"a\": \"x\ry\u{1}\nz\u{0}\"}".utf8), ["a": "x\ry\u{1}\nz\u{0}"]),
        (
            Array(#"{"a": 18446744073709551615, "b": -1e3, "c": 99999999999999999999}"#.utf8),
            ["a": 18_446_744_073_709_551_615.0, "b": -1000.0, "c": 1e20]
        ),
        (
            Array(
                "{\"a\": 1e999, \"b\": -1e999, \"c\": \(String(repeating: "9", count: 400))}".utf8),
            ["a": nil, "b": nil, "c": nil]
        ),
        (Array(#"{"a": 1, "b": 2, "a": 3}"#.utf8), ["a": 3, "b": 2]),
        (Array("{\"a\": 1}\u{0}\u{0}tail".utf8), ["a": 1]),
        (Array(#"{"a": [1, 2,], "b": {},}"#.utf8), ["a": [1, 2], "b": [:]]),
        (Array(#"{"a": NaN, "b": True, "c": 007}"#.utf8), ["a": nil, "b": true, "c": 7]),
        (
            Array(#"{"a": "\ud83d\ude00\ud83d \q\/", "a": "\ud83d\ude00\ud83d \q\/"}"#.utf8),
            ["a": "😀\u{FFFD} q/"]
        ),
    ]

    @Test("is read as it is meant", arguments: table)
    func read(bytes: [UInt8], expected: JSON) throws {
        #expect(try JSON(lenient: bytes) == expected)
    }

    @Test(
        "is refused where it is cut short or means nothing, as strictly read",
        arguments: [
            "", " ", "{", #"{"a""#, #"{"a": "#, #"{"a": "x"#, #"{"a": 1 "b": 2}"#, "<html>",
            "[1 2]",
            "{a: 1}", "nothing", String(repeating: "[", count: 65), "\u{FEFF}",
        ])
    func refused(text: String) {
        let strict = #expect(throws: JSONParseError.self) { try JSON(parsing: text) }
        let lenient = #expect(throws: JSONParseError.self) { try JSON(lenient: Array(text.utf8)) }
        #expect(strict == lenient)
    }

    @Test("is not what our own files may be")
    func strict() {
        for (bytes, _) in Self.table.dropFirst() {
            #expect(throws: JSONParseError.self) { try JSON(parsing: bytes) }
        }
    }
}
