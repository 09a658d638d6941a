import ArgumentParser
import Core
import Simulator

/// Changes servers of the running simulator.
struct SimulateSetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Change servers of a rack that rackpool simulate runs.",
        discussion: """
            What is set stays until it is set otherwise. An unreachable BMC has its network cable \
            out; power is switched by hand, not by a command. --dialect takes the place of the \
            dialects that the BMC had.

            Examples:
              rackpool simulate set r1u03 --health critical --reason "fan 2 lost"
              rackpool simulate set r1u03 --health ok
              rackpool simulate set 'r1u[04-06]' --unreachable
              rackpool simulate set r1u07 --power off
              rackpool simulate set r1u08 --dialect slow --dialect strict-etag
              rackpool simulate set r1u08 --no-dialect
            """)

    enum Reachability: String, EnumerableFlag {
        case reachable, unreachable
    }

    enum Power: String, ExpressibleByArgument, CaseIterable {
        case on, off
    }

    @Argument(help: "Servers, by their devices' names; ranges in brackets are expanded.")
    var servers: [String]

    @Option(help: "What the BMC says of the server's health.")
    var health: SimulatedHealth?

    @Option(help: "Why, with --health.")
    var reason: String?

    @Option(help: "The server's power.")
    var power: Power?

    @Flag(help: "Put the BMC's network cable in, or pull it.")
    var reachability: Reachability?

    @Flag(help: "Have the BMC keep to the standard.")
    var noDialect = false

    @OptionGroup var dialects: DialectOptions

    @OptionGroup var simulator: SimulatorLocator

    func validate() throws {
        if noDialect, !dialects.dialect.isEmpty {
            throw ValidationError("Give --dialect or --no-dialect, not both.")
        }
        if reason != nil, health == nil || health == .ok {
            throw ValidationError("--reason goes with --health warning or critical.")
        }
        if change.isEmpty {
            throw ValidationError(
                "Say what to change: --health, --power, --reachable, --unreachable, --dialect or"
                    + " --no-dialect.")
        }
    }

    private var change: ServerChange {
        var change = ServerChange(health: health, reason: reason)
        change.power = power.map { $0 == .on ? .on : .off }
        change.isReachable = reachability.map { $0 == .reachable }
        if noDialect || !dialects.dialect.isEmpty { change.dialects = Set(dialects.dialect) }
        return change
    }

    func run() async throws {
        var params = change.json
        params["Servers"] = .array(try DeviceNames.expand(servers).map(JSON.string))
        let answer = try await simulator.call(RackControl.method, .object(params))
        for line in answer["Done"]?.array ?? [] { Terminal.say(line.string ?? "") }
    }
}
