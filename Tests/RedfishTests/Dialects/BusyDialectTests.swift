import Core
import Redfish
import Simulator
import Testing

@Suite("\"Not now\" in many dresses", .timeLimit(.minutes(5)))
struct BusyDialectTests {
    @Test(
        "is no end of a look: it is made again a little later",
        arguments: [.notReady, .inStandby, .waitsInArguments] as [Dialect])
    func looks(dialect: Dialect) async throws {
        try await DialectRig.run([dialect]) { rig in
            for _ in 0..<12 { _ = try await rig.provider.observe(rig.device) }
            #expect(!rig.time.pauses.isEmpty)
        }
    }

    @Test("tells the time in its arguments, which is waited")
    func argument() async throws {
        try await DialectRig.run([.waitsInArguments]) { rig in
            _ = try await rig.provider.observe(rig.device)
            #expect(rig.time.pauses == [.seconds(2), .seconds(2)])
        }
    }

    @Test("is waited for where a boot override is changed")
    func boot() async throws {
        try await DialectRig.run([.noChangeInPOST]) { rig in
            try await rig.provider.setBoot(BootOverride(target: .pxe), of: rig.device)
            #expect(rig.system.boot?["BootSourceOverrideTarget"] == "Pxe")
        }
    }

    @Test("is waited for where a machine that was just cut off is to come on")
    func afterOff() async throws {
        try await DialectRig.run([.conflictAfterOff], power: .on) { rig in
            try await rig.provider.setPower(.forceOff, of: rig.device)
            try await rig.provider.setPower(.on, of: rig.device)
            #expect(rig.system.power == .on)
            #expect(rig.system.resets == ["ForceOff", "On"])
        }
    }

    @Test("to a command is waited for a minute, and then told as busy")
    func patience() async throws {
        try await DialectRig.run([]) { rig in
            rig.rack.bmcs[0].onRequest { request, moment in
                guard case .arrived = moment, request.method == "POST" else { return .proceed }
                return .answer(
                    SimulatedAnswer(
                        status: 400,
                        json: ["error": ["code": "Base.1.18.ServiceInUnknownState"]]))
            }
            let error = await #expect(throws: ProviderError.self) {
                try await rig.provider.setPower(.on, of: rig.device)
            }
            #expect(error?.kind == .busy)
            #expect(error?.mayHaveActed == false)
            let waited = rig.time.pauses.reduce(Duration.zero, +)
            #expect((.seconds(45)...Duration.seconds(75)).contains(waited))
        }
    }
}

@Suite("An answer that says nothing", .timeLimit(.minutes(5)))
struct MuteDialectTests {
    @Test(
        "ends no look, and no start of a machine",
        arguments: [.stumbles, .losesSystems] as [Dialect])
    func start(dialect: Dialect) async throws {
        try await DialectRig.run([dialect]) { rig in
            for _ in 0..<2 {
                try await rig.provider.setPower(.on, of: rig.device)
                for _ in 0..<10 {
                    #expect(try await rig.provider.observe(rig.device).power == .on)
                }
                try await rig.provider.setPower(.forceOff, of: rig.device)
                for _ in 0..<10 {
                    #expect(try await rig.provider.observe(rig.device).power == .off)
                }
            }
            #expect(rig.system.resets == ["On", "ForceOff", "On", "ForceOff"])
        }
    }

    @Test("for longer than a call's patience is told as what it is")
    func impatient() async throws {
        try await DialectRig.run([]) { rig in
            _ = try await rig.provider.observe(rig.device)
            let path = "/redfish/v1/Systems"
            rig.rack.bmcs[0].onRequest { request, moment in
                guard case .arrived = moment else { return .proceed }
                return request.path == path
                    ? .answer(SimulatedAnswer(status: 200, json: ["Members": []]))
                    : request.path == path + "/1"
                        ? .answer(SimulatedAnswer(status: 404)) : .proceed
            }
            let error = await #expect(throws: ProviderError.self) {
                try await rig.provider.observe(rig.device)
            }
            #expect(error?.kind == .malformed)
            #expect(
                error?.message
                    == "look failed: the BMC lists no computer system that can be read")
        }
    }
}
