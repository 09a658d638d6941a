import ArgumentParser
import Core
import InfraKit

/// Ends the claim on a machine that is gone.
struct ForgetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "End the claim on a machine that is gone for good, without confirming it off.",
        discussion: """
            For a server that burnt, was scrapped or sent back, and for an entry that names no \
            device. Without --lost it changes nothing, tells what would be given up, and ends with \
            1. Where the machine's BMC still answers, rackpool release is what you want.

            Examples:
              rackpool forget r1u07                      what would be given up
              rackpool forget zzzzzzzy-r1u07 --lost
            """)

    @Argument(help: "The instance, or its device.")
    var instance: String

    @Flag(help: "The machine is gone: nobody has to make sure that it is off.")
    var lost = false

    @OptionGroup var plugin: PluginLocator

    func run() async throws {
        try await plugin.withClient { client in
            let answer = try await client.call(
                "Rackpool.Forget", ["Instance": .string(instance), "Lost": .bool(lost)])
            Terminal.say(answer["Text"]?.string ?? "")
        }
    }
}
