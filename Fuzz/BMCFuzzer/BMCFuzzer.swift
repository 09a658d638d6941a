internal import FuzzDriver

/// Feeds a simulated BMC with what libFuzzer takes for datagrams and commands. Built and run by
/// `make fuzz`.
@main
struct BMCFuzzer {
    static func main() {
        FuzzDriver.run(oneOf: FuzzedBMC.all)
    }
}
