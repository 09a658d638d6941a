internal import CLibFuzzer
internal import Dispatch

/// Feeds a Redfish provider with what libFuzzer takes for a BMC's answers. Built and run by
/// `make fuzz`.
@main
struct ResponseFuzzer {
    // The Swift package manager gives the program an entry of its own instead of libFuzzer's.
    static func main() {
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? =
            CommandLine.unsafeArgv
        _ = LLVMFuzzerRunDriver(&count, &arguments) { testOneInput($0, $1) }
    }
}

/// Runs one input. The name is libFuzzer's (https://llvm.org/docs/LibFuzzer.html#fuzz-target).
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let script = AnswerScript(UnsafeBufferPointer(start: bytes, count: count))
    // The length decides: libFuzzer tries all of them without a byte being set apart for it.
    let operations = FuzzedDevice.Operation.allCases
    let operation = operations[count % operations.count]
    let done = DispatchSemaphore(value: 0)
    Task {
        await FuzzedDevice(script).exercise(operation)
        done.signal()
    }
    done.wait()
    return 0
}
