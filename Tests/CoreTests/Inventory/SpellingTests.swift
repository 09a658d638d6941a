import Core
import Testing

@Suite("Spelling")
struct SpellingTests {
    private let keys = [
        "name", "provider", "bmc", "system", "hostname", "labels", "username", "password",
        "passwordFile", "passwordEnv", "tls",
    ]

    @Test(
        "a slip of the fingers finds the word that was meant",
        arguments: [
            ("lables", "labels"), ("label", "labels"), ("labelss", "labels"), ("Labels", "labels"),
            ("nmae", "name"), ("BMC", "bmc"), ("bcm", "bmc"), ("hostnme", "hostname"),
            ("passwrd", "password"), ("password_file", "passwordFile"),
            ("passwordenv", "passwordEnv"),
            ("provdier", "provider"), ("tsl", "tls"), ("name", "name"),
        ])
    func near(word: String, meant: String) {
        #expect(Spelling.nearest(to: word, among: keys) == meant)
    }

    @Test(
        "a word that is like none finds nothing",
        arguments: ["", "rack", "x", "address", "nickname"])
    func far(word: String) {
        #expect(Spelling.nearest(to: word, among: keys) == nil)
    }

    @Test("the nearest wins, and of equals the first")
    func order() {
        #expect(
            Spelling.nearest(to: "passwordFil", among: ["passwordEnv", "passwordFile"])
                == "passwordFile")
        #expect(Spelling.nearest(to: "bat", among: ["cat", "bar"]) == "cat")
        #expect(Spelling.nearest(to: "bat", among: ["bar", "cat"]) == "bar")
        #expect(Spelling.nearest(to: "bat", among: []) == nil)
    }
}
