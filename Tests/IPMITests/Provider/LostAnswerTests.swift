import Core
import IPMIWire
import Locking
import Simulator
import Testing

@testable import IPMI

/// Power commands over a network that loses their answers, or them.
@Suite(.timeLimit(.minutes(2))) struct LostAnswerTests {
    /// What befalls the Chassis Control commands, one after the other; the rest goes through.
    private static func spoil(_ bmc: SimulatedBMC, _ verdicts: [IPMIVerdict]) {
        let left = Mutex(verdicts[...])
        bmc.onIPMIRequest { request in
            guard request.function == NetworkFunction.chassis.rawValue,
                request.command == ChassisControl.code
            else { return .proceed }
            return left.withLock { $0.popFirst() } ?? .proceed
        }
    }

    private static func device(_ bmc: SimulatedBMC) throws -> Device {
        Device(
            name: "r1u01", provider: "ipmi", bmc: try #require(bmc.ipmiURL),
            credentials: Credentials(username: "admin", password: Secret("hush")))
    }

    private static func expectUncertainty(
        _ command: PowerCommand, _ provider: IPMIProvider, _ bmc: SimulatedBMC
    ) async throws {
        let device = try device(bmc)
        do throws(ProviderError) {
            try await provider.setPower(command, of: device)
            Issue.record("confirmed")
        } catch {
            #expect(error.kind == .unreachable && error.mayHaveActed)
        }
    }

    @Test(
        "a power command whose answer is lost is confirmed by a look in the same session",
        arguments: [PowerCommand.on, .forceOff])
    func answerLost(command: PowerCommand) async throws {
        try await ProviderRack.with { bmc, provider in
            let system = try #require(bmc.systems.first)
            system.power = command == .on ? .off : .on
            Self.spoil(bmc, [.loseAnswer])
            try await provider.setPower(command, of: try Self.device(bmc))
            #expect(system.resets.count == 1)
            #expect(bmc.ipmiStatistics.sessions == 1)
        }
    }

    @Test("Off that is lost itself is sent again, in the end in another session")
    func commandLost() async throws {
        try await ProviderRack.with { bmc, provider in
            let system = try #require(bmc.systems.first)
            system.power = .on
            // The BMC has the packet, so to it the next ones are duplicates: as lost as can be.
            Self.spoil(bmc, [.lose])
            try await provider.setPower(.forceOff, of: try Self.device(bmc))
            #expect(system.resets == ["ForceOff"])
            #expect(bmc.ipmiStatistics.sessions == 2)
        }
    }

    @Test("On that is lost itself is said to be uncertain, for a second one might act later")
    func onLost() async throws {
        try await ProviderRack.with { bmc, provider in
            Self.spoil(bmc, [.lose])
            try await Self.expectUncertainty(.on, provider, bmc)
            #expect(bmc.systems.first?.resets == [])
        }
    }

    @Test("a cycle whose answer is lost is done once, and said to be uncertain")
    func cycle() async throws {
        try await ProviderRack.with { bmc, provider in
            let system = try #require(bmc.systems.first)
            system.power = .on
            Self.spoil(bmc, [.loseAnswer])
            try await Self.expectUncertainty(.cycle, provider, bmc)
            #expect(system.resets == ["PowerCycle"])
        }
    }
}
