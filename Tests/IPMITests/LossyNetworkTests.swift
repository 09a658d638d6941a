import Core
import IPMIWire
import Simulator
import Testing

@testable import IPMI

/// A network that loses, doubles and reorders what is sent, each way.
@Suite(.timeLimit(.minutes(5))) struct LossyNetworkTests {
    private static let impairment = Impairment(
        loss: 0.10, duplication: 0.05, reordering: 0.05, delay: .milliseconds(1), seed: 5)

    // A question and its answer both come through in 0.81 of all attempts. With the attempts that
    // IPMITiming grants, and one new beginning, an opening fails once in some 400,000 times, and a
    // command in an open session, which gets a new one if need be, once in a billion.
    @Test(
        "with a tenth of all datagrams lost, 1,000 questions for the power are answered rightly",
        arguments: UInt64(1)...5)
    func powerQueries(seed: UInt64) throws {
        var impairment = Self.impairment
        impairment.seed = seed
        var slowest = Duration.zero
        var dropped = 0
        for number in 0..<40 {
            var line = try LossyLine(impairment, number: number)
            for query in 0..<25 {
                // Neither in step with the other BMCs, nor by turns.
                let isOn = (query * query + number) % 3 == 0
                line.setPower(isOn ? .on : .off)
                let start = line.now
                let outcome = line.perform(GetChassisStatus())
                #expect(
                    outcome?.data?.first.map { $0 & 1 == 1 } == isOn,
                    "\(String(describing: outcome))")
                slowest = max(slowest, line.now - start)
                // Some sessions are closed meanwhile, some kept.
                line.rest(.seconds((query + number) % 4 * 20))
            }
            dropped += line.statistics.droppedDatagrams + line.statistics.repeatedRequests
        }
        #expect(dropped > 20 && slowest < .seconds(20))
    }

    @Test("so they are over sockets, from two hundred BMCs at once")
    func sockets() async throws {
        var configuration = RackConfiguration(count: 200)
        configuration.protocols = .ipmi
        configuration.credentials = Credentials(
            username: "admin", password: Secret("lossy-hush"))
        configuration.initialPower = .off
        configuration.ipmi.impairment = Self.impairment
        let rack = try SimulatedRack(configuration)
        try await rack.start()
        let network = IPMINetwork()
        let outcomes = await withTaskGroup(of: [Outcome].self) { group in
            for (bmc, device) in zip(rack.bmcs, rack.devices()) {
                group.addTask { await Self.ask(5, network, device, bmc) }
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
