import ArgumentParser
import InfraKit
import Core

/// Lets a device be claimed again.
struct UncordonCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uncordon",
        abstract: "Let cordoned devices be claimed again; undoes a replace of one that is well.")

    @Argument(help: "Devices; ranges in brackets are expanded: r1u[01-20].")
    var devices: [String]

    @OptionGroup var plugin: PluginLocator

    func run() async throws {
        let names = try DeviceNames.expand(devices)
        try await plugin.withClient { client in
            try await DeviceNames.check(names, with: client)
            for name in names {
                _ = try await client.call("Rackpool.Uncordon", ["Device": .string(name)])
                Terminal.say("\(name) is not cordoned")
            }
        }
    }
}
