import ArgumentParser
import InfraKit
import Core

/// Ends a freeze.
struct UnfreezeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unfreeze",
        abstract: "End a freeze: what fails is not the network's fault, move it.")

    @OptionGroup var plugin: PluginLocator

    func run() async throws {
        try await plugin.withClient { client in
            let answer = try await client.call("Rackpool.Unfreeze")
            Terminal.say(
                answer["WasFrozen"]?.bool == true
                    ? "the freeze has ended; devices that keep failing are moved in the next rounds"
                    : "nothing was frozen")
        }
    }
}
