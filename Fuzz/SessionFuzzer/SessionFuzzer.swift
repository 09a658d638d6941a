internal import FuzzDriver

/// Feeds both ends of a session with what libFuzzer takes for packets, at the stage and behind the
/// protection that an input's first byte chooses. Built and run by `make fuzz`.
@main
struct SessionFuzzer {
    static func main() {
        FuzzDriver.run(oneOf: FuzzedSession.all)
    }
}
