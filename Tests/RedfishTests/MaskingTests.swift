import Core
import Foundation
import Redfish
import TestServer
import Testing

@testable import Redfish

@Suite("What a BMC says of our secrets", .timeLimit(.minutes(5)))
struct MaskingTests {
    private let provider = Rack.provider(timeouts: RedfishTimeouts(patience: .zero))

    private func message(_ reply: TestReply, password: String) async throws -> String {
        let server = try TestServer { _ in reply }
        defer { server.stop() }
        let device = Device(
            name: "d1", bmc: server.url,
            credentials: Credentials(username: "admin", password: Secret(password)))
        let error = await #expect(throws: ProviderError.self) { try await provider.observe(device) }
        return error?.message ?? ""
    }

    @Test(
        "is masked in an error in every encoding",
        arguments: PlantedSecretTests.encodings.map(\.name))
    func encodings(_ name: String) async throws {
        let password = "s3cr&t/+p%w"
        let encoding = try #require(PlantedSecretTests.encodings.first { $0.name == name })
        let echo = encoding.encode(password)
        for reply in [
            TestReply.refusal("Base.1.8.Odd", "You said \(echo), did you not?"),
            .answer(400, echo), .answer(200, "<html>" + echo),
            .answer(400, JSON.object(["Error \(echo)": .string(echo)]).description),
        ] {
            let message = try await message(reply, password: password)
            #expect(message.hasPrefix("look "))
            #expect(!message.contains(echo.prefix(12)), "\(message)")
        }
    }

    @Test("leaves our own sentence alone, whatever the password is")
    func ownWords() async throws {
        for password in ["password", "look", "user name", "check", "GET", "redfish", "401"] {
            let message = try await message(
                .refusal(status: 401, "Base.1.8.NoValidSession", "Log in."), password: password)
            #expect(message.hasPrefix("look refused: GET /redfish/v1/: 401"), "\(message)")
            #expect(message.hasSuffix("; check the user name and password"), "\(message)")
        }
    }

    @Test(
        "is left out as a whole where the gap would tell the password",
        arguments: ["a", "ab", "calvin", "password", "12345678", "Systems"])
    func guessable(_ password: String) async throws {
        let message = try await message(
            .refusal("Base.1.8.Odd", "the \(password) of admin is wrong"), password: password)
        #expect(message.contains(SecretMask.leftOut), "\(message)")
        #expect(!message.contains("of admin is wrong"))
    }

    @Test("is not shown in part, wherever a text is cut short", arguments: 0..<16)
    func cut(_ shift: Int) async throws {
        let password = "s3cr&t/+p%w-7531"
        for limit in [80, 200, 500, 4096] {
            let echo = String(repeating: " x", count: limit / 2 - shift / 2) + password
            let spaces = String(repeating: " ", count: limit - shift) + password + "tail"
            for text in [echo, spaces] {
                for reply in [
                    TestReply.answer(400, text), .refusal("Base.1.8.Odd", text), .answer(200, text),
                    .answer(307, headers: ["Location": "/" + text.filter { $0 != " " }]),
                ] {
                    let message = try await message(reply, password: password)
                    #expect(!message.contains("s3c"), "\(message)")
                }
            }
        }
    }

    @Test("is not shown where it stands in a link")
    func links() async throws {
        let service = try FakeService([
            "/redfish/v1": ["Systems": ["@odata.id": "/redfish/v1/hunter2/Systems"]]
        ])
        defer { service.server.stop() }
        let error = await #expect(throws: ProviderError.self) {
            try await provider.observe(service.device())
        }
        #expect(error?.message.contains("GET /redfish/v1/•••/Systems") == true)
    }

    @Test("is masked in reasons, facts and deep looks")
    func resources() async throws {
        let basic = Data("admin:hunter2".utf8).base64EncodedString()
        let resources = Rack.oneSystem([
            "Model": "M hunter2", "Manufacturer": .string("B " + basic),
            "SerialNumber": "%68unter2", "BiosVersion": "1",
            "Status": [
                "Health": "Critical", "State": "Enabled",
                "Conditions": [["Severity": "Critical", "Message": "fan lost, hunter2 said"]],
            ],
            "Links": ["Chassis": [["@odata.id": "/redfish/v1/Chassis/hunter2"]]],
        ])
        let service = try FakeService(resources)
        defer { service.server.stop() }
        let device = service.device()
        let facts = try await provider.facts(of: device)
        let observation = try await provider.observe(device)
        let report = try await provider.examine(device, lookingBack: .zero)
        let inspection = try await provider.inspect(device)
        let said = "\(facts) \(observation) \(report) \(inspection) \(inspection.lines)"
        #expect(
            !said.contains("hunter2") && !said.contains("unter2") && !said.contains(basic),
            "\(said)")
        #expect(facts.model == "M •••")
        #expect(observation.health == .critical)
        #expect(observation.reasons.contains { $0.contains("fan lost, ••• said") })
        #expect(
            report.skipped.contains { $0.what == "/redfish/v1/Chassis/•••" }, "\(report.skipped)")
    }

    @Test("is masked in an event")
    func event() {
        let event = JSON.object([
            "Events": [["MessageSeverity": "Critical", "Message": "hunter2 pulled a plug"]]
        ])
        let notice = EventNotice(event.encoded(), SecretMask([Secret("hunter2")]))
        #expect(notice == .alert("Critical: ••• pulled a plug"))
    }

    @Test("means what it means where the password is a word of the standard")
    func ordinary() async throws {
        for password in ["Enabled", "Critical", "PowerState", "OK", "On", "Systems"] {
            let service = try FakeService(
                Rack.oneSystem(["Status": ["Health": "Critical", "State": "Enabled"]]))
            defer { service.server.stop() }
            let observation = try await provider.observe(service.device(password: password))
            #expect(observation.health == .critical)
            #expect(observation.power == .on)
        }
    }

    @Test("stays as it is where it holds no secret")
    func innocent() {
        let mask = SecretMask([Secret("s3cr&t/+p%w"), Secret("t0ken-4711-abcdef")])
        let text = "Integrated Management Controller, firmware 1.45.4.66, health OK"
        #expect(mask.masked(text) == text)
        #expect(mask.masked(JSON.object(["A": .string(text)])) == ["A": .string(text)])
    }
}
