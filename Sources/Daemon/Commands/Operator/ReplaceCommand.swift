import ArgumentParser

/// Takes servers out of their groups that answer well and are bad all the same.
struct ReplaceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replace",
        abstract: "Have servers replaced that look well and are bad all the same.",
        discussion: """
            Their instances become non-functional, so that InfraKit starts others; one that carries \
            a logical ID is powered off first. rackpool uncordon takes a server back.

            Examples:
              rackpool replace r1u07 --reason "disk 3 clicks"
              rackpool uncordon r1u07
            """)

    @OptionGroup var order: DeviceOrder

    @Option(help: "Why: shown in rackpool devices and in the history.")
    var reason: String?

    func run() async throws {
        try await order.call("Rackpool.Replace", because: reason) { name, _ in
            "\(name) is to be replaced, until it is uncordoned"
        }
    }
}
