import ArgumentParser
import Core
import InfraKit

/// Destroys instances as InfraKit would.
struct ReleaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "End claims: power off, confirm, and give the devices back, as a destroy does.",
        discussion: """
            An instance stays described until its machine is confirmed off, also over a restart of \
            the plugin. InfraKit replaces it if its group wants so many.

            Examples:
              rackpool release zzzzzzzy-r1u07       an instance
              rackpool release r1u07                the instance on a device
              rackpool release 'r1u[01-04]'
            """)

    @Argument(help: "Instances, or their devices; ranges in brackets are expanded.")
    var instances: [String]

    @OptionGroup var plugin: PluginLocator

    func run() async throws {
        let names = try DeviceNames.expand(instances)
        try await plugin.withClient { client in
            for name in names {
                let answer = try await client.call("Rackpool.Release", ["Instance": .string(name)])
                Terminal.say(answer["Text"]?.string ?? "")
            }
        }
    }
}
