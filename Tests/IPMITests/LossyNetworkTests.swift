import Core
import IPMIWire
import Simulator
import Testing

@testable import IPMI

/// A network that loses, doubles and reorders what is sent, each way.
@Suite(.timeLimit(.minutes(5))) struct LossyNetworkTests {
    @Test("with a tenth of all datagrams lost, 1,000 questions for the power are answered rightly")
    func powerQueries() async throws {
        var configuration = RackConfiguration(count: 40)
        configuration.protocols = .ipmi
        configuration.credentials = Credentials(
            username: "admin", password: Secret("lossy-hush"))
        configuration.initialPower = .off
        configuration.ipmi.impairment = Impairment(
            loss: 0.10, duplication: 0.05, reordering: 0.05, seed: 5)
        let rack = try SimulatedRack(configuration)
        try await rack.start()
        var timing = IPMITiming()
        timing.firstTimeout = .milliseconds(100)
        timing.attempts = 12
        timing.shortAttempts = 12
        timing.budget = .seconds(120)
        let network = IPMINetwork(timing: timing)
        let outcomes = await withTaskGroup(of: [Outcome].self) { group in
            for (bmc, device) in zip(rack.bmcs, rack.devices()) {
                group.addTask { await Self.ask(25, network, device, bmc) }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        await network.shutdown()
        let statistics = rack.bmcs.map(\.ipmiStatistics)
        await rack.shutdown()

        #expect(outcomes.count == 1000)
        #expect(outcomes.filter { $0.answer != .success($0.isOn) } == [])
        // The network was as bad as it should be, and a BMC had one session at a time.
        #expect(statistics.reduce(0) { $0 + $1.droppedDatagrams + $1.repeatedRequests } > 20)
        #expect(statistics.allSatisfy { $0.sessions >= 1 })
    }

    private struct Outcome: Equatable {
        let isOn: Bool
        let answer: Result<Bool, IPMIFailure>
    }

    /// Changes the power by hand and asks for it, again and again.
    private static func ask(
        _ count: Int, _ network: IPMINetwork, _ device: Device, _ bmc: SimulatedBMC
    ) async -> [Outcome] {
        var outcomes: [Outcome] = []
        for number in 0..<count {
            // Neither in step with the other BMCs, nor by turns.
            let isOn = (number * number + bmc.index) % 3 == 0
            bmc.systems.first?.power = isOn ? .on : .off
            let answer: Result<Bool, IPMIFailure>
            do throws(IPMIFailure) {
                let line = try network.line(to: device)
                answer = .success(try await line.perform(GetChassisStatus()).isOn)
            } catch {
                answer = .failure(error)
            }
            outcomes.append(Outcome(isOn: isOn, answer: answer))
        }
        return outcomes
    }
}
