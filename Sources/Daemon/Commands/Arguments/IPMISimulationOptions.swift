public import ArgumentParser
import Core
public import Simulator

/// How simulated BMCs speak IPMI.
struct IPMISimulationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The UDP port of IPMI; 0 takes what is free. Without it 623, or 6230 where that is"
                + " not allowed or taken.", valueName: "port"))
    var ipmiPort: Int?

    @Option(help: "The share of IPMI's datagrams that get lost, each way.")
    var ipmiLoss = PercentArgument(0)

    @Option(help: "The share of IPMI's datagrams that arrive twice.")
    var ipmiDuplicate = PercentArgument(0)

    @Option(help: "The share of IPMI's datagrams that are overtaken by later ones.")
    var ipmiReorder = PercentArgument(0)

    @Option(help: "How long IPMI's datagrams travel, each way.")
    var ipmiDelay = DurationArgument(.zero)

    @Option(help: "What the luck of datagrams follows from; the same number, the same luck.")
    var ipmiSeed: UInt64 = 1

    func validate() throws {
        if let ipmiPort, !(0...65535).contains(ipmiPort) {
            throw ValidationError("--ipmi-port \(ipmiPort): give a number from 0 to 65535.")
        }
    }

    var configuration: IPMIConfiguration {
        var configuration = IPMIConfiguration()
        configuration.ports = ipmiPort.map { [$0] } ?? [623, 6230, 0]
        configuration.impairment = Impairment(
            loss: ipmiLoss.percent / 100, duplication: ipmiDuplicate.percent / 100,
            reordering: ipmiReorder.percent / 100,
            delay: ipmiDelay.duration, seed: ipmiSeed)
        return configuration
    }
}

extension RackProtocols: ExpressibleByArgument {}
