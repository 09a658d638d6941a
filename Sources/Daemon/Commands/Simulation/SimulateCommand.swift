import ArgumentParser
import Core
import Foundation
import Simulator
import SystemLimits

/// Runs a rack of pretend BMCs.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Run a rack of pretend BMCs and write the inventory that lists them.",
        discussion: """
            The folder given by --out gets inventory.yaml, the password file and, with --https, \
            the authority's certificate. The rack runs until it is interrupted.

            Dialects, of which several may be given:
            \(Dialect.list)

            Examples:
              rackpool simulate --count 100 --https --out /tmp/rack
              rackpool --inventory /tmp/rack/inventory.yaml
              rackpool simulate --fixture fixtures/rack-server --count 4 --port 8000 --out /tmp/rack
              rackpool simulate --protocol ipmi --ipmi-loss 10% --out /tmp/rack

            Over IPMI a BMC is a chassis with its first system. With --protocol both the power that \
            is set through one protocol is seen through the other, and the folder gets \
            inventory-ipmi.yaml, too; with mixed, BMCs speak Redfish and IPMI by turns.

            While it runs, its servers can be made ill, cut off, switched and more, to see what the \
            plugin does:
              rackpool simulate set r1u03 --health critical
            """,
        subcommands: [SimulateSetCommand.self])

    @Option(help: "How many BMCs; each has a loopback address or port of its own.")
    var count = 20

    @Option(
        help: ArgumentHelp(
            "A recorded Redfish service to serve, given any number of times: the BMCs take turns."
                + " Without one, a built-in server is simulated.", valueName: "folder"))
    var fixture: [String] = []

    @OptionGroup var dialects: DialectOptions

    @Option(name: .customLong("protocol"), help: "What the BMCs speak.")
    var protocols = RackProtocols.redfish

    @OptionGroup(title: "IPMI options")
    var ipmi: IPMISimulationOptions

    @Flag(help: "Speak HTTPS, with certificates by an authority made for this run.")
    var https = false

    @Option(help: "The TCP port of Redfish; 0 takes what is free.")
    var port = 0

    @Option(help: "How long a power change takes.")
    var powerDelay = DurationArgument(.milliseconds(50))

    @Option(help: "How long an operating system takes to shut down when it is asked to.")
    var shutdownDelay = DurationArgument(.milliseconds(50))

    @Flag(help: "Begin with every device running instead of off.")
    var poweredOn = false

    @Option(help: "The BMCs' user.")
    var username = "admin"

    @Option(help: "How many of the servers are ill from the start: the first ones.")
    var ill = 0

    @OptionGroup var simulator: SimulatorLocator

    // Optional because the subcommand goes without.
    @Option(
        help: ArgumentHelp(
            "The folder for the inventory and what it refers to; required.", valueName: "folder"))
    var out: String?

    func validate() throws {
        guard (1...SimulatedRack.maximumCount).contains(count) else {
            throw ValidationError(
                "--count \(count): give a number from 1 to \(SimulatedRack.maximumCount).")
        }
        guard (0...65535).contains(port) else {
            throw ValidationError("--port \(port): give a number from 0 to 65535.")
        }
    }

    func run() async throws {
        guard let out else {
            throw CommandError(
                description: "say where the inventory goes: rackpool simulate --out /tmp/rack")
        }
        OpenFileLimit.raise()
        var configuration = RackConfiguration(count: count)
        configuration.fixtures = try fixture.map { try Fixture(folder: $0) }
        configuration.dialects = Set(dialects.dialect)
        configuration.https = https
        configuration.port = port
        configuration.powerDelay = powerDelay.duration
        configuration.shutdownDelay = shutdownDelay.duration
        configuration.initialPower = poweredOn ? .on : .off
        configuration.protocols = protocols
        configuration.ipmi = ipmi.configuration
        let password = RackFolder.newPassword()
        configuration.credentials = Credentials(username: username, password: Secret(password))
        let rack = try SimulatedRack(configuration)
        let servers = rack.systemsByName.count
        guard (0...servers).contains(ill) else {
            throw CommandError(description: "--ill \(ill): give a number from 0 to \(servers)")
        }
        try await rack.start()
        let illnesses = try await RackControl(rack: rack).makeIll(ill)
        let control = await control(of: rack)
        try RackFolder(path: out).write(rack, configuration, password: password)
        report(rack, in: out)
        illnesses.forEach(Terminal.say)
        if control != nil {
            let name =
                simulator.name == SimulatorLocator.usualName ? "" : " --name \(simulator.name)"
            print(
                "change a server with: rackpool simulate set \(rack.systemsByName[0].name)"
                    + " --health critical\(name)")
        }
        fflush(nil)
        await Interruption.wait()
        await control?.close()
        await rack.shutdown()
    }

    /// Without the socket the rack is of use all the same, and there may be two at a time.
    private func control(of rack: SimulatedRack) async -> ControlSocket? {
        do {
            return try await ControlSocket(rack, name: simulator.name)
        } catch {
            Terminal.complain(
                "rackpool simulate set won't reach this simulator: \(error) (--name)")
            return nil
        }
    }

    private func report(_ rack: SimulatedRack, in out: String) {
        let devices = rack.devices()
        print(
            "\(devices.count) simulated devices, \(devices.first?.name ?? "") to"
                + " \(devices.last?.name ?? ""), first BMC \(devices.first?.bmc ?? "")")
        print("start the plugin with: rackpool --inventory \(out)/inventory.yaml")
        guard let bmc = rack.bmcs.first(where: { $0.ipmiPort != nil }), let port = bmc.ipmiPort
        else { return }
        print(
            "ask one over IPMI with: ipmitool -I lanplus -H \(bmc.host) -p \(port) -U \(username)"
                + " -f \(out)/bmc.password chassis status")
    }
}
