import ArgumentParser
import InfraKit
import Core

/// Tells what happened to a device.
struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Tell what happened to a device: why was my server replaced on Tuesday?")

    @Argument(help: "The device.")
    var device: String

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var plugin: PluginLocator

    func run() async throws {
        try await plugin.withClient { client in
            let answer = try await client.call("Rackpool.History", ["Device": .string(device)])
            let events = answer["Events"]?.array ?? []
            if json {
                Terminal.show(.array(events))
                return
            }
            if events.isEmpty { Terminal.say("nothing has happened to \(device) yet") }
            let rows = events.map { event in
                ["Date", "Kind", "Instance", "Cause"].map { event[$0]?.string ?? "-" }
            }
            for line in TextTable.lines(rows) { Terminal.say(line) }
        }
    }
}
