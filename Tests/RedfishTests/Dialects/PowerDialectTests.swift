import Core
import Redfish
import Simulator
import Testing

@Suite("Power", .timeLimit(.minutes(5)))
struct PowerDialectTests {
    private static let all: [Set<Dialect>] = [
        [], [.strictETag], [.refusesIfMatch], [.strictReset], [.stateReset], [.notModifiedReset],
        [.stalePower], [.nullPower], [.powerButton], [.powerButton, .nullPower],
        [.listedResetRefused], [.listedResetRefused, .stalePower], [.tasks], [.taskBody],
        [.vanishingTask], [.trailingSlashes], [.linksV0], [.missingStatus],
        [.stalePower, .strictReset], [.nullPower, .strictReset], [.stalePower, .stateReset],
        [.nullPower, .notModifiedReset],
    ]

    @Test("goes on, down in order, on, and off by force", arguments: all)
    func everyCommand(dialects: Set<Dialect>) async throws {
        try await DialectRig.run(dialects) { rig in
            let steps: [(PowerCommand, PowerState)] = [
                (.on, .on), (.gracefulOff, .off), (.on, .on), (.forceOff, .off),
            ]
            for (command, state) in steps {
                try await rig.provider.setPower(command, of: rig.device)
                _ = try await rig.looks(until: state)
                #expect(rig.system.power == state, "\(command)")
            }
            #expect(rig.system.resets.count == 4)
        }
    }

    @Test("is changed once, however often it is asked for", arguments: all)
    func repeated(dialects: Set<Dialect>) async throws {
        try await DialectRig.run(dialects) { rig in
            for _ in 1...3 { try await rig.provider.setPower(.on, of: rig.device) }
            #expect(rig.system.power == .on)
            #expect(rig.system.resets.count == 1)
            for _ in 1...3 { try await rig.provider.setPower(.forceOff, of: rig.device) }
            _ = try await rig.looks(until: .off)
            #expect(rig.system.power == .off)
            #expect(rig.system.resets.count == 2)
        }
    }

    @Test("is shown as the BMC shows it, be it late")
    func stale() async throws {
        try await DialectRig.run([.stalePower]) { rig in
            try await rig.provider.setPower(.on, of: rig.device)
            let seen = try await rig.looks(until: .on)
            #expect(seen == Array(repeating: .off, count: 4))
        }
    }

    @Test(
        "is cut though the BMC shows Off, and told to come on though it shows On", arguments: all)
    func sentAnyway(dialects: Set<Dialect>) async throws {
        try await DialectRig.run(dialects) { rig in
            let sent = {
                rig.lines.count { $0.hasPrefix("POST") && $0.hasSuffix("ComputerSystem.Reset") }
            }
            try await rig.provider.setPower(.forceOff, of: rig.device)
            #expect(sent() == 1)
            try await rig.provider.setPower(.on, of: rig.device)
            _ = try await rig.looks(until: .on)
            let before = sent()
            rig.system.showPower(.off)
            try await rig.provider.setPower(.forceOff, of: rig.device)
            #expect(sent() > before)
            #expect(rig.system.power == .off)
        }
    }

    @Test(
        "that is shown as it was is looked at again if the reset is said to be needless",
        arguments: [.notModifiedReset, .stateReset, .strictReset] as [Dialect])
    func needless(dialect: Dialect) async throws {
        try await DialectRig.run([.stalePower, dialect]) { rig in
            try await rig.provider.setPower(.on, of: rig.device)
            #expect(rig.system.power == .on)
            let seen = rig.lines.count
            // It finds the system off, for so it is shown; the refusal tells otherwise.
            try await rig.restartedProvider().setPower(.on, of: rig.device)
            #expect(rig.system.resets == ["On"])
            #expect(
                rig.lines.dropFirst(seen).filter { $0.hasPrefix("POST") && $0.hasSuffix("Reset") }
                    .count == 1)
        }
    }

    @Test("that is not shown for long after a needless reset is not said to be refused")
    func unknown() async throws {
        try await DialectRig.run([.strictReset], power: .unknown) { rig in
            let bmc = rig.rack.bmcs[0]
            bmc.onRequest { request, moment in
                guard case .arrived = moment, request.method == "POST",
                    request.path.hasSuffix("Reset")
                else { return .proceed }
                return .answer(SimulatedAnswer(status: 409))
            }
            let error = await #expect(throws: ProviderError.self) {
                try await rig.provider.setPower(.on, of: rig.device)
            }
            #expect(error?.kind == .busy)
        }
    }

    @Test("is refused with what the task says if the task fails at once")
    func failingTask() async throws {
        try await DialectRig.run([.failingTask]) { rig in
            // The first look still sees it run, so the command counts as taken.
            try await rig.provider.setPower(.on, of: rig.device)
            #expect(rig.system.power == .off)
        }
    }
}
