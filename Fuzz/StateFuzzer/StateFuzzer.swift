@testable internal import Core
@testable internal import StateFile
internal import FuzzDriver

/// Feeds the loader of the state file with what libFuzzer takes for one. Built and run by
/// `make fuzz`.
@main
struct StateFuzzer {
    static func main() {
        FuzzDriver.run { input in
            do throws(StoreError) {
                let document = try StateDocument(parsing: input, file: "state.json")
                let keys = Set(document.records.map(\.key))
                precondition(keys.count == document.records.count, "a device is there twice")
            } catch {
                let message = "\(error)"
                precondition(message.contains("state.json"), "a refusal names the file")
                precondition(message.utf8.count < input.count + 65_536, "the message is endless")
            }
        }
    }
}
