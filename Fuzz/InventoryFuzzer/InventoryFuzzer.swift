@testable internal import Core
internal import FuzzDriver

/// Feeds the inventory's reader with what libFuzzer takes for an operator's file. Built and run by
/// `make fuzz`.
@main
struct InventoryFuzzer {
    static func main() {
        FuzzDriver.run { input in
            guard let text = String(validating: input, as: UTF8.self) else { return }
            do throws(InventoryError) {
                // Files that it names are looked for in a folder that does not exist. As many devices
                // as may be would take a second here: fewer may be.
                let inventory = try Inventory(
                    parsing: text, file: "/nonexistent/inventory.yaml",
                    environment: ["PASSWORD": "secret"], providers: ["redfish", "ipmi"],
                    limits: InventoryLimits(devices: 1000, texts: 10_000))
                let names = Set(inventory.devices.map(\.name))
                precondition(names.count == inventory.devices.count, "a name is there twice")
                precondition(inventory.devices.allSatisfy { !$0.name.isEmpty && !$0.bmc.isEmpty })
            } catch {
                precondition(!error.mistakes.isEmpty, "a refusal says why")
                let size = error.mistakes.reduce(0) { $0 + $1.description.utf8.count }
                precondition(size < 1000 * input.count + 65_536, "the message is endless")
            }
        }
    }
}
