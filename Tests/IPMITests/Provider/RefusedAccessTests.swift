import Core
import IPMIWire
import Logging
import Simulator
import Testing

@testable import IPMI

/// What an operator is told where a BMC does not let Rackpool in, or not do what it wants.
@Suite(.timeLimit(.minutes(2))) struct RefusedAccessTests {
    private func device(
        _ bmc: SimulatedBMC, _ username: String = "admin", _ password: String = "hush",
        privilege: IPMIOptions.Privilege = .administrator
    ) throws -> Device {
        Device(
            name: "r1u01", provider: "ipmi", bmc: try #require(bmc.ipmiURL),
            credentials: Credentials(username: username, password: Secret(password)),
            ipmi: IPMIOptions(privilege: privilege))
    }

    private func refusal(
        _ body: () async throws(ProviderError) -> Void
    ) async -> ProviderError? {
        do throws(ProviderError) {
            try await body()
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "a user who may have less than the inventory asks for is told so, as the session opens",
        arguments: [
            ("watcher", "hush-w", IPMIOptions.Privilege.administrator),
            ("watcher", "hush-w", .operator), ("switcher", "hush-s", .administrator),
        ])
    func tooMuchAskedFor(
        username: String, password: String, privilege: IPMIOptions.Privilege
    ) async throws {
        try await ProviderRack.with { bmc, provider in
            let device = try device(bmc, username, password, privilege: privilege)
            let error = await refusal { () throws(ProviderError) in
                _ = try await provider.observe(device)
            }
            #expect(error?.kind == .unauthorised)
            let message = error?.message ?? ""
            #expect(
                message.hasPrefix("look refused: the user may not have this privilege"),
                "\(message)")
            #expect(message.contains("set \"privilege\" in the inventory to less"), "\(message)")
            #expect(bmc.ipmiStatistics.sessions == 0)
        }
    }

    @Test(
        "the same where a BMC opens the session and refuses to raise it", arguments: [0x80, 0x81])
    func refusedRaise(code: Int) async throws {
        try await ProviderRack.with { bmc, provider in
            let (closed, close) = AsyncStream.makeStream(of: Void.self)
            bmc.onIPMIRequest { request in
                guard request.function == NetworkFunction.application.rawValue else {
                    return .proceed
                }
                if request.command == CloseSession.code { close.finish() }
                return request.command == SetSessionPrivilegeLevel.code
                    ? .refuse(UInt8(code)) : .proceed
            }
            let device = try device(bmc)
            let error = await refusal { () throws(ProviderError) in
                _ = try await provider.observe(device)
            }
            #expect(error?.kind == .unauthorised)
            let message = error?.message ?? ""
            #expect(message.contains("may not have the privilege"), "\(message)")
            // The session that is of no use is not left behind.
            for await _ in closed {}
            try Task.checkCancellation()
        }
    }

    @Test("a user who may only look sees the power and switches nothing")
    func watcher() async throws {
        try await ProviderRack.with { bmc, provider in
            let device = try device(bmc, "watcher", "hush-w", privilege: .user)
            #expect(try await provider.observe(device).power == .off)
            let error = await refusal { () throws(ProviderError) in
                try await provider.setPower(.on, of: device)
            }
            #expect(error?.kind == .unauthorised && error?.mayHaveActed == false)
            let message = error?.message ?? ""
            #expect(message.hasPrefix("power on refused: chassis control: "), "\(message)")
            #expect(message.contains("raise \"privilege\" in the inventory"), "\(message)")
            #expect(bmc.systems.first?.resets == [])
        }
    }

    @Test("an operator's privilege is enough to switch and to choose what to boot from")
    func switcher() async throws {
        try await ProviderRack.with { bmc, provider in
            let device = try device(bmc, "switcher", "hush-s", privilege: .operator)
            try await provider.setBoot(BootOverride(target: .pxe), of: device)
            try await provider.setPower(.on, of: device)
            #expect(bmc.systems.first?.resets == ["On"])
        }
    }

    @Test("each refusal is told apart from the others, and none tells the password")
    func apart() async throws {
        try await ProviderRack.with { bmc, provider in
            let dead = Device(
                name: "r1u02", provider: "ipmi", bmc: "ipmi://127.0.0.1:9",
                credentials: Credentials(username: "admin", password: Secret("hush")))
            let cases: [(device: Device, kind: ProviderError.Kind, text: String)] = [
                (try device(bmc, "admin", "hush-x"), .unauthorised, "the password is wrong"),
                (try device(bmc, "nobody", "hush-x"), .unauthorised, "knows no such user"),
                (try device(bmc, "watcher", "hush-w"), .unauthorised, "set \"privilege\""),
                (dead, .unreachable, "nothing answers"),
            ]
            for (device, kind, text) in cases {
                let error = await refusal { () throws(ProviderError) in
                    _ = try await provider.observe(device)
                }
                #expect(error?.kind == kind)
                let message = error?.message ?? ""
                #expect(cases.filter { message.contains($0.text) }.map(\.text) == [text])
                #expect(!message.contains("hush"))
            }
        }
    }
}
