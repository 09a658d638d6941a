import ArgumentParser
import Core

/// Lets a device be claimed again.
struct UncordonCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uncordon",
        abstract: "Let cordoned devices be claimed again; undoes a replace of one that is well.")

    @OptionGroup var order: DeviceOrder

    func run() async throws {
        try await order.call("Rackpool.Uncordon") { name, answer in
            answer["WasCordoned"]?.bool == false
                ? "\(name) was not cordoned" : "\(name) is not cordoned any more"
        }
    }
}
