import ArgumentParser
import Foundation

/// Shows the whole path from InfraKit to simulated hardware.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Show what the plugin does: act as InfraKit on a simulated rack of 12.",
        discussion: """
            Starts a simulated rack, half of it over HTTPS and half over IPMI, and the plugin in a \
            process of its own, commits a group of 3, scales it to 5, kills and restarts the \
            plugin, destroys one, lets a server fall ill, be replaced and recover, renames another, \
            and checks at every step what is described and what is powered on.
            """)

    func run() async throws {
        let demo = try Demo()
        do {
            try await demo.run()
        } catch {
            await demo.end()
            FileHandle.standardError.write(Data("rackpool demo: \(error)\n".utf8))
            throw ExitCode(1)
        }
        await demo.end()
    }
}
