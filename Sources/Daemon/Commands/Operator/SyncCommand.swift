import ArgumentParser
import InfraKit
import Core

/// Makes a round now.
struct SyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync", abstract: "Look at all devices now, and say what came of it.")

    @OptionGroup var plugin: PluginLocator

    func run() async throws {
        try await plugin.withClient { client in
            let round = try await client.call("Rackpool.Sync", timeout: .seconds(300))
            let number = { (key: String) in round[key]?.integer ?? 0 }
            let refused = number("Refused") > 0 ? " \(number("Refused")) refuse us," : ""
            Terminal.say(
                "\(number("Seen")) devices seen, \(number("Failed")) not reached,\(refused)"
                    + " \(number("Pending")) still answering, in \(number("Milliseconds")) ms")
            for action in round["Actions"]?.array ?? [] { Terminal.say(action.string ?? "") }
            if let frozen = round["Frozen"], !frozen.isNull {
                Terminal.say(FreezeNotice.text(frozen))
            }
        }
    }
}
