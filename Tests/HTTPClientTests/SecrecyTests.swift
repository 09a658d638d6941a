import HTTPClient
import TestServer
import Testing

@Suite("A password", .timeLimit(.minutes(5)))
struct SecrecyTests {
    private let secret = "hunter2"

    @Test("shows in no description or dump of credentials and requests")
    func descriptions() {
        let credentials = HTTPCredentials(user: "admin", password: secret)
        let request = HTTPRequest(
            url: "https://10.0.0.1/", headers: ["X-Auth-Token": secret], body: Array(secret.utf8),
            basicCredentials: credentials)
        let withURL = HTTPRequest(url: "https://admin:\(secret)@10.0.0.1/")
        var shown = ["\(credentials)", "\(request)", "\(withURL)"]
        shown += [String(reflecting: credentials), String(reflecting: request)]
        for value in [credentials, request, withURL] as [Any] {
            var text = ""
            dump(value, to: &text)
            shown.append(text)
        }
        for text in shown { #expect(!text.contains(secret), "\(text)") }
        #expect("\(request)" == "GET https://10.0.0.1/")
    }

    @Test("shows in no error")
    func errors() async throws {
        let client = HTTPClient()
        let replies: [TestReply] = [.close, .raw("garbage\r\n\r\n", close: true)]
        for reply in replies {
            let server = try TestServer { _ in reply }
            defer { server.stop() }
            let request = HTTPRequest(
                url: server.url,
                basicCredentials: HTTPCredentials(user: "admin", password: secret))
            let error = await #expect(throws: HTTPError.self) { try await client.send(request) }
            #expect(error.map { String(reflecting: $0).contains(secret) } == false)
        }
    }
}
