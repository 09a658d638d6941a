import ArgumentParser
import Core
import Foundation
import HTTPClient
import Logging
import StateFile

/// Switches devices. (`PowerCommand` is Core's word for what a BMC is told.)
struct PowerSubcommand: AsyncParsableCommand {
    /// What is done, as it is typed.
    enum Verb: String, ExpressibleByArgument, CaseIterable {
        case on, off, cycle, reset, status
    }

    static let configuration = CommandConfiguration(
        commandName: "power", abstract: "Switch devices, or tell whether they are on.",
        usage: "rackpool power on|off|cycle|reset|status <devices> ... [options]",
        discussion: """
            off asks the operating system to shut down and cuts the power when --grace \
            is over; cycle cuts the power and gives it again; reset starts the machine \
            anew without. It is waited until the BMCs confirm.

            A device that is claimed is not switched, unless with --force. A running \
            plugin switches its devices itself, so that none is claimed meanwhile. \
            Without a plugin, --inventory says where the BMCs are and the state file \
            says what is claimed; no plugin can start with that file meanwhile. Where \
            neither is found, or it can't be told which machine is claimed, nothing is \
            switched, unless with --force.

            Ends with 0 if all is done, and with 1 if anything failed.

            Examples:
              rackpool power status 'r1u[01-40]' --inventory racks.yaml
              rackpool power off r1u07 --grace 2m
              rackpool power off 'r1u[01-40]' --now --inventory racks.yaml
            """)

    @Argument(help: ArgumentHelp("What to do.", valueName: "on|off|cycle|reset|status"))
    var verb: Verb

    @Argument(help: "Devices; ranges in brackets are expanded: r1u[01-20].")
    var devices: [String]

    @Option(help: "The YAML file that lists the devices; not needed while the plugin runs.")
    var inventory: String?

    @Option(
        help: ArgumentHelp(
            "The plugin's state file, read while it does not run. (default: state/NAME.json in"
                + " $INFRAKIT_HOME or ~/.infrakit)"))
    var state: String?

    @Option(help: "How long the operating system has to shut down before the power is cut.")
    var grace = DurationArgument(.seconds(60))

    @Flag(help: "Cut the power at once, without asking the operating system.")
    var now = false

    @Option(help: "How long a BMC may take to confirm a change.")
    var timeout = DurationArgument(.seconds(180))

    @Flag(
        help: ArgumentHelp(
            "Switch claimed devices too, and those of which nobody knows: what an instance runs is"
                + " cut off."))
    var force = false

    @Option(help: "How many devices at one time.")
    var concurrency = 64

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var plugin: PluginLocator

    func validate() throws {
        guard (1...4096).contains(concurrency) else {
            throw ValidationError("--concurrency \(concurrency): give a number from 1 to 4096.")
        }
        guard verb == .off || !now else {
            throw ValidationError("--now is for off: \(verb.rawValue) asks no operating system.")
        }
        for (option, value) in [("--grace", grace), ("--timeout", timeout)]
        where value.duration < .zero || value.duration > .seconds(86_400) {
            throw ValidationError("\(option) \(value.duration.text): give at most 24h.")
        }
    }

    func run() async throws {
        var names: [String] = []
        var known: Set<String> = []
        for name in try DeviceNames.expand(devices) where known.insert(name).inserted {
            names.append(name)
        }
        let http = HTTPClient()
        defer { http.shutdown() }
        let logger = Logger(label: "power") { _ in ConsoleLogHandler(level: .warning) }
        let providers = Providers(http: http, logger: logger)
        let results: [PowerResult]
        do {
            let planner = PowerPlanner(
                request: request, inventory: inventory,
                statePath: state ?? ServeCommand.standardState(plugin.name), plugin: plugin,
                http: http)
            let plan = try await planner.plan(names)
            for note in plan.notes { Terminal.complain(note) }
            results = await perform(plan, providers, logger)
            await plan.lease?.close()
        } catch {
            await providers.shutdown()
            Terminal.complain(error)
            throw ExitCode(1)
        }
        await providers.shutdown()
        if json {
            Terminal.show(.array(results.map(\.json)))
        } else {
            for line in PowerTable.lines(results) { Terminal.say(line) }
        }
        if results.contains(where: \.isFailure) { throw ExitCode(1) }
    }

    private var request: PowerRequest {
        let action: PowerAction =
            switch verb {
            case .on: .on
            case .off: .off(grace: now ? .zero : grace.duration)
            case .cycle: .cycle
            case .reset: .reset
            case .status: .status
            }
        return PowerRequest(action: action, timeout: timeout.duration, isForced: force)
    }

    private func perform(
        _ plan: PowerPlan, _ providers: Providers, _ logger: Logger
    ) async -> [PowerResult] {
        let progress = DeviceProgress(count: plan.targets.count)
        let performer = PowerPerformer(request: request, providers: providers, logger: logger)
        let results = await boundedMap(
            plan.targets, limit: concurrency, { await performer.perform($0) },
            progress: { progress.show($0) })
        progress.end()
        return results
    }
}
