internal import FuzzDriver

/// Feeds what reads a BMC's sensor records, event log and inventories with what libFuzzer takes for
/// the answers; see ``ScriptedBMC``. Built and run by `make fuzz`.
@main
struct WalkFuzzer {
    static func main() {
        FuzzDriver.run(waitingFor: { input in
            guard let choice = input.first else { return }
            let walks = FuzzedWalks.all
            await walks[Int(choice) % walks.count](ScriptedBMC(input.dropFirst()))
        })
    }
}
