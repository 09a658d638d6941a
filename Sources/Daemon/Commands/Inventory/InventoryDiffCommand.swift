import ArgumentParser
import Core
import Foundation
import InfraKit

/// Tells what the running plugin would make of an inventory.
struct InventoryDiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Tell what an inventory would change in the running plugin; nothing is changed.",
        discussion: """
            The plugin reads the file itself, as at a reload (kill -HUP): with its user's rights and \
            its environment. A line for each device that is added, removed, renamed, moved, has \
            new credentials, or is claimed and not listed. Ends with 1 if the plugin would refuse it.

            Example:
              rackpool inventory diff racks.yaml
            """)

    @Argument(help: "The YAML file that lists the devices.")
    var file: String

    @OptionGroup var plugin: PluginLocator

    func run() async throws {
        let path = URL(fileURLWithPath: file).path
        try await plugin.withClient { client in
            let answer = try await client.call(
                "Rackpool.InventoryDiff", ["Path": .string(path)], timeout: .seconds(60))
            let texts = { (key: String) in answer[key]?.array?.compactMap(\.string) ?? [] }
            let faults = texts("Faults")
            let lines = texts("Lines")
            let count = answer["Devices"]?.integer.map { ": \($0) devices" } ?? ""
            Terminal.say("the plugin has read \(answer["File"]?.string ?? path)\(count)")
            for line in lines { Terminal.say(line) }
            guard faults.isEmpty else {
                Terminal.complain(InventoryFaults(lines: ["the plugin would refuse it:"] + faults))
                throw ExitCode(1)
            }
            if lines.isEmpty { Terminal.say("nothing would change") }
        }
    }
}
