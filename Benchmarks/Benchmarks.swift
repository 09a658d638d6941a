import ArgumentParser

/// What is measured, side by side with what it is compared to.
@main
struct Benchmarks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmarks",
        abstract: "Measures rackpool as a process of its own, beside a peer in the same run.",
        subcommands: [
            DescribeCommand.self, ProvisionCommand.self, MemoryCommand.self, SweepCommand.self,
            RoundCommand.self, IPMICommand.self, StoreCommand.self, StoreStartCommand.self,
        ])
}
