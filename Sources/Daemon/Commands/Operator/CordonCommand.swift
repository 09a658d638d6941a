import ArgumentParser

/// Keeps a device from being claimed.
struct CordonCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cordon", abstract: "Keep devices from being claimed; running instances stay.",
        discussion: """
            Examples:
              rackpool cordon r1u07 --reason "fan replaced on Tuesday"
              rackpool cordon 'r1u[01-20]'
            """)

    @OptionGroup var order: DeviceOrder

    @Option(help: "Why: shown in refusals' details and in the history.")
    var reason: String?

    func run() async throws {
        try await order.call("Rackpool.Cordon", because: reason) { name, _ in
            "\(name) is cordoned"
        }
    }
}
