import ArgumentParser
import Core
import InfraKit

/// What one client of the plugin may take up.
struct ServingLimits: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How many connections of clients may be open.",
            discussion: """
                For one more, the one is closed that has kept us waiting longest. The system's limit \
                of descriptors (ulimit -n) may allow fewer; the log says so at the start.
                """))
    var maxConnections = PluginServer.Configuration().maximumConnections

    @Option(help: "How many of them one IP address may have, with --listen.")
    var maxConnectionsPerAddress = PluginServer.Configuration().maximumConnectionsPerAddress

    @Option(
        help: ArgumentHelp(
            "How much of all requests' bodies is kept at one time, beside 16 KiB of each.",
            valueName: "bytes"))
    var maxBodies = PluginServer.Configuration().maximumBodiesSize

    @Option(
        help: ArgumentHelp(
            "The longest line and header fields of a request together.", valueName: "bytes"))
    var maxHead = PluginServer.Configuration().maximumHeadSize

    @Option(help: ArgumentHelp("The longest body of a request.", valueName: "bytes"))
    var maxBody = PluginServer.Configuration().maximumBodySize

    @Option(help: "How long a client may take to send a request.")
    var requestTimeout = DurationArgument(PluginServer.Configuration().requestTimeout)

    @Option(help: "How long a client may take to read an answer.")
    var answerTimeout = DurationArgument(PluginServer.Configuration().answerTimeout)

    @Option(help: "How long a client's connection may be silent while no call of it is worked on.")
    var idleTimeout = DurationArgument(PluginServer.Configuration().idleTimeout)

    func validate() throws {
        guard (1...1_000_000).contains(maxConnections) else {
            throw ValidationError(
                "--max-connections \(maxConnections): give a number from 1 to 1000000.")
        }
        guard (1...1_000_000).contains(maxConnectionsPerAddress) else {
            throw ValidationError(
                "--max-connections-per-address \(maxConnectionsPerAddress): give a number from 1 to"
                    + " 1000000.")
        }
        guard (0...(16 << 30)).contains(maxBodies) else {
            throw ValidationError("--max-bodies \(maxBodies): give a number from 0 to 17179869184.")
        }
        // NIO's decoder takes 80 KiB of header fields.
        guard (1024...65_536).contains(maxHead) else {
            throw ValidationError("--max-head \(maxHead): give a number from 1024 to 65536.")
        }
        // InfraKit's own requests have some kilobytes, and jansson reads a body whole.
        guard (4096...(256 << 20)).contains(maxBody) else {
            throw ValidationError("--max-body \(maxBody): give a number from 4096 to 268435456.")
        }
        for (option, value) in [
            ("--request-timeout", requestTimeout), ("--answer-timeout", answerTimeout),
            ("--idle-timeout", idleTimeout),
        ] where !(.seconds(1) ... .seconds(86_400)).contains(value.duration) {
            throw ValidationError("\(option) \(value.duration.text): give 1s to 24h.")
        }
    }

    func apply(to configuration: inout PluginServer.Configuration) {
        configuration.maximumConnections = maxConnections
        configuration.maximumConnectionsPerAddress = maxConnectionsPerAddress
        configuration.maximumBodiesSize = maxBodies
        configuration.maximumHeadSize = maxHead
        configuration.maximumBodySize = maxBody
        configuration.requestTimeout = requestTimeout.duration
        configuration.answerTimeout = answerTimeout.duration
        configuration.idleTimeout = idleTimeout.duration
    }
}
