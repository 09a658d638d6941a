internal import CLibFuzzer

/// Feeds everything that reads IPMI off the wire with what libFuzzer makes up. Built and run by
/// `make fuzz`.
@main
struct PacketFuzzer {
    // The Swift package manager gives the program an entry of its own instead of libFuzzer's.
    static func main() {
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? =
            CommandLine.unsafeArgv
        _ = LLVMFuzzerRunDriver(&count, &arguments) { testOneInput($0, $1) }
    }

    /// One after the other, each with what follows the byte that chooses it.
    static let targets: [@Sendable ([UInt8]) -> Void] =
        WireReaders.all + FuzzedSession.all + FuzzedBMC.all
}

/// Runs one input. The name is libFuzzer's (https://llvm.org/docs/LibFuzzer.html#fuzz-target).
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: bytes, count: count)
    guard let choice = input.first else { return 0 }
    let targets = PacketFuzzer.targets
    targets[Int(choice) % targets.count](Array(input.dropFirst()))
    return 0
}
