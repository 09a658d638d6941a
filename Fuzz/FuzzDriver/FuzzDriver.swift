internal import CLibFuzzer
internal import Synchronization

/// Runs a program as libFuzzer's: its arguments, and its inputs.
public enum FuzzDriver {
    /// What is done with an input. Whatever ends the process is a finding.
    public typealias Target = @Sendable (_ input: [UInt8]) -> Void

    // A closure by itself would be wrapped anew at every look into the mutex, deeper and deeper.
    fileprivate struct Holder {
        let body: Target
    }

    fileprivate static let target = Mutex<Holder?>(nil)

    // The Swift package manager gives the program an entry of its own instead of libFuzzer's.
    public static func run(_ body: @escaping Target) {
        target.withLock { $0 = Holder(body: body) }
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? =
            CommandLine.unsafeArgv
        _ = LLVMFuzzerRunDriver(&count, &arguments) { testOneInput($0, $1) }
    }

    /// Gives each input to the target that its first byte chooses, without that byte.
    public static func run(oneOf targets: [Target]) {
        run { input in
            guard let choice = input.first else { return }
            targets[Int(choice) % targets.count](Array(input.dropFirst()))
        }
    }

    /// Waits for each input's work, which is done on the thread that waits.
    public static func run(waitingFor body: @escaping @Sendable (_ input: [UInt8]) async -> Void) {
        let executor = WaitingExecutor()
        run { input in executor.run { await body(input) } }
    }
}

/// Runs one input. The name is libFuzzer's (https://llvm.org/docs/LibFuzzer.html#fuzz-target).
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let target = FuzzDriver.target.withLock { $0 }
    target?.body(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}
