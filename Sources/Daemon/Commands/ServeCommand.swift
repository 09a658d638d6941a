import ArgumentParser
import Core
import Foundation
import InfraKit
import Logging

/// Starts the plugin.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Start the plugin (this is what rackpool does without a subcommand).",
        discussion: """
            Examples:
              rackpool --inventory /etc/rackpool/inventory.yaml
              rackpool --simulate 40 --simulate-power-delay 2s
              rackpool --name metal --type compute --listen 127.0.0.1:24864 --inventory racks.yaml
            """)

    @Option(help: "The plugin's name: what InfraKit addresses, and the socket's file name.")
    var name = "rackpool"

    @Option(help: "The YAML file that lists the devices.")
    var inventory: String?

    @Option(
        help: ArgumentHelp(
            "The state file. (default: state/NAME.json in $INFRAKIT_HOME or ~/.infrakit)"))
    var state: String?

    @Option(help: LogLevelArgument.help)
    var log = LogLevelArgument(number: 4)

    @Option(
        help: ArgumentHelp(
            "Listen on TCP instead of a Unix socket, and say so in NAME.listen.",
            discussion: """
                TCP has no authentication unless a token is given: whoever reaches the port can \
                provision and destroy instances. So only a loopback address is listened on without \
                --listen-token-file. Nor has it any encryption. Web pages are turned away. The \
                operator's commands (rackpool devices, power, …) are off there, unless with \
                --operator-over-tcp.
                """, valueName: "host:port"))
    var listen: HostPortArgument?

    @Option(
        help: ArgumentHelp(
            "With --listen: a file with the token that clients must show (Authorization: Bearer …).",
            discussion: """
                One line of 16 characters or more, such as `openssl rand -hex 32` makes, in a file \
                that nobody else may read. InfraKit's own clients show none: put a proxy before \
                them that does. Rackpool's commands take it by --token-file.
                """, valueName: "file"))
    var listenTokenFile: String?

    @Option(
        help: ArgumentHelp(
            "With --listen: a host name under which clients address the plugin; repeatable.",
            discussion: """
                Requests to other names are refused (403), for a web page may give its own name \
                the plugin's address. Addresses in digits, and the name in --listen, need none.
                """, valueName: "name"))
    var listenHost: [String] = []

    @Flag(
        name: .customLong("operator-over-tcp"),
        help: ArgumentHelp(
            "With --listen: let whoever reaches the port do what an operator may, such as forcing"
                + " power off."))
    var operatorOverTCP = false

    @Option(
        help: ArgumentHelp(
            "Serve a typed object, addressed as NAME/TYPE, instead of the untyped one."))
    var type: String?

    @Flag(help: "Name the metadata interface in the handshake, for `infrakit metadata`.")
    var metadata = false

    @Option(
        help: ArgumentHelp("Use a simulated rack of N devices as the inventory.", valueName: "N"))
    var simulate: Int?

    @Option(help: "How long a simulated device takes to power on or off.")
    var simulatePowerDelay = DurationArgument(.milliseconds(50))

    @Option(help: "The time from one look at all devices to the next.")
    var interval = DurationArgument(.seconds(30))

    @Option(help: "How many critical looks in a row make a device non-functional.")
    var failAfter = 2

    @Option(help: "How many good looks in a row make it functional again.")
    var recoverAfter = 2

    @Option(help: "How many looks in a row without an answer make a device non-functional.")
    var unreachableAfter = 3

    @Option(
        help: ArgumentHelp(
            "If so many of the watched BMCs or more, and at least 3, fail within the time that a move"
                + " takes, it is taken for a network fault: no instance is moved.",
            valueName: "percent"))
    var maxFailing = PercentArgument(40)

    @Flag(
        help: ArgumentHelp(
            "Listen to the events of the BMCs that offer a stream of them.",
            discussion: """
                One more connection to each BMC. An event that may tell of a fault or a change of \
                power has the BMC's devices looked at within a second or two instead of at the next \
                interval. If the look finds one critical, the looks that --fail-after wants follow \
                five seconds apart. An event moves nothing by itself, and a look that reaches \
                nobody does not count. A stream that is lost costs nothing but this advantage.
                """))
    var events = false

    @Option(help: "How many BMCs are looked at at one time.")
    var syncConcurrency = 256

    @Option(
        help: ArgumentHelp(
            "Whether a failed device that carries a logical ID must be confirmed off before it stops"
                + " being described: required or best-effort."))
    var fence = SynchroniserSettings.Fence.required

    @OptionGroup(title: "Limits of a client") var limits: ServingLimits

    @OptionGroup var times: ReconcilerTimeOptions

    @Option(help: ArgumentHelp("See SynchroniserSettings.lookDistance.", visibility: .hidden))
    var lookDistance: DurationArgument?

    private var synchroniser: SynchroniserSettings {
        var settings = SynchroniserSettings()
        settings.interval = interval.duration
        settings.failAfter = failAfter
        settings.recoverAfter = recoverAfter
        settings.unreachableAfter = unreachableAfter
        settings.maximumFailingPercent = maxFailing.percent
        settings.concurrency = syncConcurrency
        settings.fence = fence
        settings.lookDistance = lookDistance?.duration
        return settings
    }

    func validate() throws {
        for (option, value) in [
            ("--fail-after", failAfter), ("--recover-after", recoverAfter),
            ("--unreachable-after", unreachableAfter), ("--sync-concurrency", syncConcurrency),
        ] where value < 1 {
            throw ValidationError("\(option) \(value): give a number from 1.")
        }
        guard interval.duration >= .milliseconds(10) else {
            throw ValidationError("--interval \(interval.duration.text): give at least 10ms.")
        }
        switch (inventory, simulate) {
        case (nil, nil):
            throw ValidationError(
                "Where are the devices? Give --inventory FILE, or --simulate N to try it without"
                    + " hardware.")
        case (.some, .some):
            throw ValidationError("Give either --inventory or --simulate, not both.")
        case (nil, let count?):
            guard (1...65_000).contains(count) else {
                throw ValidationError("--simulate \(count): give a number from 1 to 65000.")
            }
        case (.some, nil): break
        }
        guard listen != nil || !operatorOverTCP else {
            throw ValidationError("--operator-over-tcp is for --listen: a socket has its owner.")
        }
        guard listen != nil || (listenTokenFile == nil && listenHost.isEmpty) else {
            throw ValidationError("--listen-token-file and --listen-host are for --listen.")
        }
        guard !name.isEmpty, !name.contains("/"), !name.hasPrefix(".") else {
            throw ValidationError(
                "--name \(name): a file name without a slash or leading dot is needed.")
        }
    }

    func run() async throws {
        let level = log.level
        LoggingSystem.bootstrap { _ in ConsoleLogHandler(level: level) }
        // Sockets, state and lock files are for their owner alone.
        umask(0o077)
        // Until the inventory can be read again, SIGHUP must not end the daemon.
        signal(SIGHUP, SIG_IGN)
        let source: Daemon.DeviceSource
        if let simulate {
            source = .simulated(count: simulate, powerDelay: simulatePowerDelay.duration)
        } else {
            source = .file(inventory ?? "")
        }
        var server = PluginServer.Configuration()
        if let type { server.objectName = type }
        server.advertisesMetadata = metadata
        limits.apply(to: &server)
        server.hostNames = listenHost
        let listener =
            listen.map { PluginListener.tcp(host: $0.host, port: $0.port, advertise: nil) }
            ?? .socket
        do {
            server.token = try listenTokenFile.map { try ListenToken(file: $0) }
            if let objection = PluginServerError.objection(to: listener, token: server.token) {
                throw objection
            }
        } catch {
            Terminal.complain(error)
            throw ExitCode(1)
        }
        let daemon = Daemon(
            name: name, devices: source, statePath: state ?? Self.standardState(name),
            listener: listener,
            server: server, synchroniser: synchroniser, times: times.times,
            letsOperateOverTCP: operatorOverTCP, listensToEvents: events,
            logger: Logger(label: "rackpool"))
        do {
            try await daemon.run()
        } catch {
            Terminal.complain(error)
            throw ExitCode(1)
        }
    }

    /// The state file under the same home as the sockets.
    static func standardState(_ name: String) -> String {
        let environment = ProcessInfo.processInfo.environment
        let home =
            environment["INFRAKIT_HOME"].flatMap { $0.isEmpty ? nil : $0 }
            ?? FileManager.default.homeDirectoryForCurrentUser.path + "/.infrakit"
        return "\(home)/state/\(name).json"
    }
}
