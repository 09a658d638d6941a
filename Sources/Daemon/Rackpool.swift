import ArgumentParser
import Core
import Foundation

/// The executable's root: without a subcommand it starts the plugin.
@main
struct Rackpool: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rackpool",
        abstract: "Turns racks of physical servers into a pool that InfraKit can draw on.",
        discussion: """
            Without a subcommand, rackpool starts the plugin:

              rackpool --inventory /etc/rackpool/inventory.yaml
              rackpool --simulate 40 --log 5        try it without hardware
              rackpool --name metal --listen 127.0.0.1:24864 --inventory racks.yaml

            Its options are explained by rackpool serve --help.

            InfraKit finds the plugin by its name in the plugin directory: $INFRAKIT_PLUGINS_DIR, \
            else $INFRAKIT_HOME/plugins, else ~/.infrakit/plugins.
            """,
        version: Version.text,
        subcommands: [ServeCommand.self, VersionCommand.self],
        groupedSubcommands: [
            CommandGroup(
                name: "Running plugin",
                subcommands: [
                    DevicesCommand.self, HistoryCommand.self, CordonCommand.self,
                    UncordonCommand.self, ReplaceCommand.self, ReleaseCommand.self,
                    ForgetCommand.self, SyncCommand.self, UnfreezeCommand.self,
                    AuditCommand.self,
                ]),
            CommandGroup(name: "Inventory", subcommands: [InventoryCommand.self]),
            CommandGroup(
                name: "BMC",
                subcommands: [PowerSubcommand.self, InspectCommand.self]),
            CommandGroup(name: "State", subcommands: [StateCommand.self]),
            CommandGroup(
                name: "Recording",
                subcommands: [RecordCommand.self, ReplayCommand.self]),
            CommandGroup(
                name: "Simulation", subcommands: [SimulateCommand.self, DemoCommand.self]),
        ],
        defaultSubcommand: ServeCommand.self)

    static func main() async {
        SignalMask.clear()
        // libcurl would write the keys of all sessions there, with which passwords can be read from what
        // was recorded on the way (curl, "SSLKEYLOGFILE"). Before any thread is there to read it.
        unsetenv("SSLKEYLOGFILE")
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            end(.success)
        } catch {
            let code = exitCode(for: error)
            let text = fullMessage(for: error).printableLines
            let output: FileHandle = code.isSuccess ? .standardOutput : .standardError
            fflush(nil)
            if !text.isEmpty { output.write(Data((text + "\n").utf8)) }
            end(code)
        }
    }

    /// Ends the process without the libraries' clean-up at exit: threads of theirs may still run,
    /// and would use what it takes away.
    private static func end(_ code: ExitCode) -> Never {
        fflush(nil)
        _exit(code.rawValue)
    }
}
