import ArgumentParser

/// What can be known of an inventory before the plugin gets it.
struct InventoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inventory", abstract: "Check an inventory before the plugin gets it.",
        subcommands: [InventoryCheckCommand.self, InventoryDiffCommand.self])
}
