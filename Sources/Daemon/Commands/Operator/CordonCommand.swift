import ArgumentParser
import InfraKit
import Core

/// Keeps a device from being claimed.
struct CordonCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cordon", abstract: "Keep devices from being claimed; running instances stay.",
        discussion: """
            Examples:
              rackpool cordon r1u07 --reason "fan replaced on Tuesday"
              rackpool cordon 'r1u[01-20]'
            """)

    @Argument(help: "Devices; ranges in brackets are expanded: r1u[01-20].")
    var devices: [String]

    @Option(help: "Why: shown in refusals' details and in the history.")
    var reason: String?

    @OptionGroup var plugin: PluginLocator

    func run() async throws {
        let names = try DeviceNames.expand(devices)
        try await plugin.withClient { client in
            try await DeviceNames.check(names, with: client)
            for name in names {
                _ = try await client.call(
                    "Rackpool.Cordon", ["Device": .string(name), "Reason": JSON(reason)])
                Terminal.say("\(name) is cordoned")
            }
        }
    }
}
