import Core
import Testing

@Suite("JSON encoding")
struct JSONEncodingTests {
    private let sample: JSON = [
        "z": [1, 2.5, "x"], "a": ["b": nil, "empty": [:], "none": []], "t": true,
    ]

    @Test("the compact style has no white space and keeps the order of keys")
    func compact() {
        #expect(
            String(decoding: sample.encoded(), as: UTF8.self)
                == #"{"z":[1,2.5,"x"],"a":{"b":null,"empty":{},"none":[]},"t":true}"#)
    }

    @Test("the indented style has a member a line and two spaces a level")
    func indented() {
        #expect(
            String(decoding: sample.encoded(.indented), as: UTF8.self) == """
                {
                  "z": [
                    1,
                    2.5,
                    "x"
                  ],
                  "a": {
                    "b": null,
                    "empty": {},
                    "none": []
                  },
                  "t": true
                }
                """)
    }

    @Test("both styles read back as the same value in the same order")
    func roundTrip() throws {
        for style in [JSONStyle.compact, .indented] {
            let parsed = try JSON(parsing: sample.encoded(style))
            #expect(parsed == sample)
            #expect(parsed.description == sample.description)
        }
    }

    @Test("a value is appended to bytes that are there already")
    func appending() {
        var bytes = Array("x".utf8)
        sample.encode(into: &bytes)
        JSON.null.encode(into: &bytes, .indented)
        #expect(bytes == Array("x".utf8) + sample.encoded() + Array("null".utf8))
    }

    @Test(
        "a real reads back with the same bits, and stays a real",
        arguments: [
            0.1, 0.2 + 0.1, 1e300, -0.0, 0.0, 1.0, -1.0, 100.0, 1e15, 1e16, 1e21, 1e22,
            9.007199254740993e15,
            .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude,
            -.greatestFiniteMagnitude, .pi, 1 / 3, 5e-7, 123_456_789.125,
        ])
    func reals(real: Double) throws {
        let text = JSON.real(real).description
        guard case .real(let parsed) = try JSON(parsing: text) else {
            Issue.record("\(text) is no real")
            return
        }
        #expect(parsed.bitPattern == real.bitPattern)
    }

    @Test("a real is written with the fewest digits")
    func shortReals() {
        #expect(JSON.real(0.1).description == "0.1")
        #expect(JSON.real(1).description == "1.0")
        #expect(JSON.real(-0.0).description == "-0.0")
    }

    @Test("a real that is not finite becomes null")
    func notFinite() {
        let value: JSON = [.real(.nan), .real(.infinity), .real(-.infinity)]
        #expect(value.description == "[null,null,null]")
    }

    @Test("quotes, backslashes and control characters are escaped, and nothing else")
    func escapes() throws {
        let controls = String(String.UnicodeScalarView((0..<0x20).compactMap(Unicode.Scalar.init)))
        let text = "\"\\/é𝄞\u{7F}\u{2028}" + controls
        let encoded = JSON.string(text).description
        #expect(encoded.hasPrefix("\"\\\"\\\\/é𝄞\u{7F}\u{2028}\\u0000\\u0001"))
        #expect(encoded.hasSuffix("\\u001e\\u001f\""))
        #expect(encoded.contains("\\t\\n\\u000b\\u000c\\r\\u000e"))
        #expect(!encoded.utf8.contains { $0 < 0x20 })
        #expect(try JSON(parsing: encoded) == .string(text))
    }

    @Test("keys are escaped as strings are")
    func keys() throws {
        let value: JSON = ["a\"\n": 1]
        #expect(value.description == #"{"a\"\n":1}"#)
        #expect(try JSON(parsing: value.description) == value)
    }
}
