import Core
import Redfish
import TestServer
import Testing

@Suite("An answer that is an error", .timeLimit(.minutes(5)))
struct ErrorTests {
    private let provider = Rack.provider(timeouts: RedfishTimeouts(patience: .zero))

    private func failure(_ reply: TestReply) async throws -> ProviderError? {
        let server = try TestServer { _ in reply }
        defer { server.stop() }
        let device = Device(
            name: "d1", bmc: server.url,
            credentials: Credentials(username: "admin", password: Secret("hunter2")))
        return await #expect(throws: ProviderError.self) { try await provider.observe(device) }
    }

    private static let html = "<html>\r\n<body>Login\u{1B}[31m page</body></html>"

    private static let table: [(TestReply, ProviderError.Kind, String)] = [
        (
            .refusal(status: 401, "Base.1.8.NoValidSession", "Log in."), .unauthorised,
            "look refused: GET /redfish/v1/: 401 "
                + "Base.1.8.NoValidSession: Log in.; check the user name and password"
        ),
        (.answer(403), .unauthorised, "look refused: GET /redfish/v1/: 403"),
        (
            .answer(404, html, headers: ["Content-Type": "text/html"]), .refused,
            "look refused: GET /redfish/v1/: 404 (text/html: \"<html> <body>Login [31m page"
                + "</body></html>\"); there is no Redfish service at this address"
        ),
        (
            .answer(503, "busy"), .busy,
            "look failed: GET /redfish/v1/: 503 (no content type: \"busy\")"
        ),
        (.answer(429), .busy, "look failed: GET /redfish/v1/: 429"),
        (.answer(500), .malformed, "look failed: GET /redfish/v1/: 500"),
        (.answer(502), .unreachable, "look failed: GET /redfish/v1/: 502"),
        (.answer(405), .refused, "look refused: GET /redfish/v1/: 405"),
        (
            .answer(308, headers: ["Location": "https://bmc/redfish/v1/"]), .malformed,
            "look failed: GET /redfish/v1/: 308 to https://bmc/redfish/v1/, which is not followed"
        ),
        (
            .answer(200, html, headers: ["Content-Type": "text/html"]), .malformed,
            "look failed: GET /redfish/v1/: the body is no JSON (line 1, column 1: invalid token"
                + "): text/html: \"<html> <body>Login [31m page</body></html>\""
        ),
        (
            .answer(200, "[]"), .malformed,
            "look failed: GET /redfish/v1/: the body is an array, not an object: "
                + "no content type: \"[]\""
        ),
        (
            .answer(200, "{}"), .malformed,
            "look failed: GET /redfish/v1/: the body is an object without any property: "
                + "no content type: \"{}\""
        ),
        (
            .answer(200, #"{"Systems": {"@odata.id": "https://elsewhere/redfish/v1/Systems"}}"#),
            .malformed,
            "look failed: the BMC links to https://elsewhere/redfish/v1/Systems, which is no path"
        ),
        (
            .refusal(status: 200, "Base.1.8.InternalError", "Later."), .malformed,
            "look failed: GET /redfish/v1/: 200 with an error alone: "
                + "Base.1.8.InternalError: Later."
        ),
        (
            .answer(
                400, "<html>The plain HTTP request was sent to HTTPS port</html>",
                headers: ["Content-Type": "text/html"]), .untrusted,
            "look refused: GET /redfish/v1/: 400 (text/html: \"<html>The plain HTTP request was "
                + "sent to HTTPS port</html>\"); the BMC speaks TLS at this port: write https:// in "
                + "the inventory"
        ),
        (.close, .unreachable, "look failed: GET /redfish/v1/: Empty reply from server"),
    ]

    @Test("becomes a kind and a sentence", arguments: table)
    func kinds(reply: TestReply, kind: ProviderError.Kind, message: String) async throws {
        let error = try await failure(reply)
        #expect(error?.kind == kind)
        #expect(error?.message == message)
        #expect(error?.mayHaveActed == false)
    }

    @Test("shows what a BMC echoes without the password, and at a bounded length")
    func secrets() async throws {
        let echoes = [
            "bad password hunter2 for admin", "Basic YWRtaW46aHVudGVyMg==",
            String(repeating: " ", count: 198) + "hunter2", #"{"password": hunter2}"#,
            #""hunter2" hunter2"#,
        ]
        for (echo, status) in echoes.flatMap({ [($0, 400), ($0, 200)] }) {
            let error = try await failure(.answer(status, echo))
            #expect(error.map { $0.message.contains("hunt") } == false)
            #expect(error?.message.contains("YWRtaW46aHVudGVyMg") == false)
        }
        let long = try await failure(.answer(500, String(repeating: "x", count: 100_000)))
        #expect((long?.message.count ?? 0) < 200)
    }

    @Test("shows no password that a BMC puts into a redirect")
    func secretsInRedirects() async throws {
        let message = try await failure(.answer(307, headers: ["Location": "/hunter2"]))?.message
        #expect(message?.contains("•••") == true)
        #expect(message?.contains("hunter2") == false)
    }

    @Test("sends Basic credentials, and none where there is no user")
    func credentials() async throws {
        let service = try FakeService(Rack.oneSystem())
        defer { service.server.stop() }
        _ = try await provider.observe(service.device())
        let anonymous = Device(name: "d2", bmc: service.server.url)
        _ = try await provider.observe(anonymous)
        #expect(
            service.server.log.requests.map { $0.headers["authorization"] }
                == [nil] + Array(repeating: "Basic YWRtaW46aHVudGVyMg==", count: 2) + [
                    nil, nil, nil,
                ])
    }

    @Test("below a system leaves its facts unknown, unless it is about the BMC as a whole")
    func partialFacts() async throws {
        let resources = Rack.oneSystem([
            "Model": "M", "Processors": ["@odata.id": "/redfish/v1/broken"],
            "Memory": ["@odata.id": "/redfish/v1/none"],
            "EthernetInterfaces": ["@odata.id": "/redfish/v1/nics"],
            "Links": ["ManagedBy": [["@odata.id": "/redfish/v1/forbidden"]]],
        ])
        for (status, kind) in [(404, nil), (503, ProviderError.Kind.busy)] {
            let service = try FakeService(resources) { request, _ in
                switch request.path {
                case "/redfish/v1/broken": .answer(200, "<html>")
                case "/redfish/v1/forbidden": .answer(403)
                case "/redfish/v1/nics": .answer(status)
                default: nil
                }
            }
            defer { service.server.stop() }
            if let kind {
                let error = await #expect(throws: ProviderError.self) {
                    try await provider.facts(of: service.device())
                }
                #expect(error?.kind == kind)
            } else {
                #expect(try await provider.facts(of: service.device()) == Facts(model: "M"))
            }
        }
    }
}
