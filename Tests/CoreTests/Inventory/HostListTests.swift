import Core
import Testing

@Suite("Host lists")
struct HostListTests {
    @Test(
        "a range expands in order",
        arguments: [
            ("r1u[01-03]", ["r1u01", "r1u02", "r1u03"]),
            ("n[1-3,7,9-10]", ["n1", "n2", "n3", "n7", "n9", "n10"]),
            ("[8-11]", ["8", "9", "10", "11"]),
            ("[08-11]", ["08", "09", "10", "11"]),
            ("[098-101]", ["098", "099", "100", "101"]),
            ("[9,08-9]", ["9", "08", "09"]),
            ("[00-01]", ["00", "01"]),
            ("n[5]", ["n5"]),
            ("n[5-5].example", ["n5.example"]),
            ("r[1-2]u[01-02]x", ["r1u01x", "r1u02x", "r2u01x", "r2u02x"]),
            ("[1-2][3-4]", ["13", "14", "23", "24"]),
            ("é[1-2]ü", ["é1ü", "é2ü"]),
        ])
    func ranges(text: String, expanded: [String]) throws {
        #expect(try HostList.expand(text) == expanded)
        let list = try HostList(text)
        #expect(list.count == expanded.count)
        #expect(list.hasRange)
    }

    @Test(
        "a bracket that is no range is kept",
        arguments: [
            "", "r1u01", "https://[2001:db8::7]:8443", "https://[::1]", "[a]", "[1-a]", "[x[y]z]",
            "a,b",
        ])
    func literal(text: String) throws {
        #expect(try HostList.expand(text) == [text])
        #expect(try !HostList(text).hasRange)
    }

    @Test("a range may stand inside the bracket of an IPv6 address, or beside it")
    func addresses() throws {
        #expect(
            try HostList.expand("https://[2001:db8::[1-2]]:8443") == [
                "https://[2001:db8::1]:8443", "https://[2001:db8::2]:8443",
            ])
        #expect(
            try HostList.expand("https://[::1]:80[01-02]") == [
                "https://[::1]:8001", "https://[::1]:8002",
            ])
    }

    @Test(
        "a broken range is refused with its place",
        arguments: [
            ("n[01-]", 3, #""[01-]" lacks a number"#), ("n[-5]", 3, #""[-5]" lacks a number"#),
            ("n[]", 3, #""[]" lacks a number"#), ("n[1,,2]", 5, #""[1,,2]" lacks a number"#),
            ("n[1,]", 5, #""[1,]" lacks a number"#), ("n[-]", 3, #""[-]" lacks a number"#),
            ("n[1-2-3]", 3, #""[1-2-3]" has a hyphen too many"#),
            ("n[1--3]", 3, #""[1--3]" has a hyphen too many"#),
            ("n[1,5-1]", 5, #""[1,5-1]" runs backwards"#),
            ("é[5-1]", 3, #""[5-1]" runs backwards"#),
            ("n[1, 2]", 2, #""[1, 2]" must not hold spaces"#),
            ("n[ ]", 2, #""[ ]" must not hold spaces"#),
            ("n[1-1234567890]", 3, #""[1-1234567890]" has a number of more than 9 digits"#),
            ("n[1-3", 2, #""[" is never closed"#), ("n[", 2, #""[" is never closed"#),
            ("https://[::1", 9, #""[" is never closed"#), ("[x[1-2]", 1, #""[" is never closed"#),
            ("n1-3]", 5, #""]" without a "[""#), ("[1-3]]", 6, #""]" without a "[""#),
        ])
    func broken(text: String, character: Int, message: String) throws {
        let error = #expect(throws: HostListError.self) { try HostList.expand(text) }
        #expect(error?.character == character)
        #expect(error?.message == message)
        #expect(error?.description == "character \(character): \(message)")
    }

    @Test("100,000 texts are the limit, which is checked before anything is expanded")
    func limit() throws {
        #expect(try HostList.expand("n[1-100000]").count == 100_000)
        #expect(try HostList("[1-100][1-1000]").count == 100_000)
        for text in [
            "n[0-100000]", "n[1-999999999]", "[1-100][1-1001]", "[1-50000,1-50001]",
            String(repeating: "[1-99999]", count: 9), String(repeating: "[0-9]", count: 40),
            "[" + String(repeating: "0-999999999,", count: 30) + "1]",
        ] {
            let error = #expect(throws: HostListError.self) { try HostList(text) }
            #expect(error?.message.contains("100000") == true)
        }
    }
}
