internal import FuzzDriver

/// Feeds a Redfish provider with what libFuzzer takes for a BMC's answers. Built and run by
/// `make fuzz`.
@main
struct ResponseFuzzer {
    static func main() {
        // The length decides: libFuzzer tries all of them without a byte being set apart for it.
        let operations = FuzzedDevice.Operation.allCases
        FuzzDriver.run(waitingFor: { input in
            let operation = operations[input.count % operations.count]
            await FuzzedDevice(AnswerScript(input)).exercise(operation)
        })
    }
}
