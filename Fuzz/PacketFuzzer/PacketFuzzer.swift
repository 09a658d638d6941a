internal import FuzzDriver

/// Feeds everything that reads IPMI from bytes with what libFuzzer makes up: each input to the reader
/// that its first byte chooses. Built and run by `make fuzz`.
@main
struct PacketFuzzer {
    static func main() {
        FuzzDriver.run(oneOf: WireReaders.all)
    }
}
