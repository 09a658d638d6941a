import ArgumentParser
import Core
import InfraKit

/// Takes servers out of their groups that answer well and are bad all the same.
struct ReplaceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replace",
        abstract: "Have servers replaced that look well and are bad all the same.",
        discussion: """
            Their instances become non-functional, so that InfraKit starts others; one that carries \
            a logical ID is powered off first. rackpool uncordon takes a server back.

            Examples:
              rackpool replace r1u07 --reason "disk 3 clicks"
              rackpool uncordon r1u07
            """)

    @Argument(help: "Devices; ranges in brackets are expanded: r1u[01-20].")
    var devices: [String]

    @Option(help: "Why: shown in rackpool devices and in the history.")
    var reason: String?

    @OptionGroup var plugin: PluginLocator

    func run() async throws {
        let names = try DeviceNames.expand(devices)
        try await plugin.withClient { client in
            try await DeviceNames.check(names, with: client)
            for name in names {
                _ = try await client.call(
                    "Rackpool.Replace", ["Device": .string(name), "Reason": JSON(reason)])
                Terminal.say("\(name) is to be replaced, until it is uncordoned")
            }
        }
    }
}
