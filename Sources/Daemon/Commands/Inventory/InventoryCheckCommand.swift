import ArgumentParser
import Core

/// Looks for mistakes in an inventory, without a plugin.
struct InventoryCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Look for mistakes in an inventory; no plugin is needed.",
        discussion: """
            Reads the file as the plugin would, with the files and variables that it names, and \
            resolves the names of BMCs, so that one that is listed twice under two names is found. \
            No BMC is spoken to. Ends with 0 if a running plugin would take it at a reload \
            (kill -HUP), and with 1 if not. A start refuses the same mistakes but for one: a server \
            that is listed twice under two names is warned of, and not claimed under either, for \
            nothing that is described may vanish for what a name server says.

            Example:
              rackpool inventory check racks.yaml && kill -HUP $(cat ~/.infrakit/plugins/rackpool.pid)
            """)

    @Argument(help: "The YAML file that lists the devices.")
    var file: String

    func run() async throws {
        let inventory: Inventory
        let faults: [String]
        do {
            inventory = try await InventoryFile.read(file)
            faults = inventory.faults([], await inventory.aliases())
        } catch {
            Terminal.complain(error)
            throw ExitCode(1)
        }
        for warning in inventory.warnings { Terminal.complain("warning: \(warning)") }
        for line in InventorySummary.lines(of: inventory) { Terminal.say(line) }
        guard faults.isEmpty else {
            Terminal.complain(InventoryFaults(lines: faults))
            throw ExitCode(1)
        }
    }
}
