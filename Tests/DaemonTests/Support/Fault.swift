import Simulator

/// A way for a device to fail, and to be mended.
enum Fault: Sendable, CaseIterable {
    case critical
    case unplugged

    /// How many rounds it takes until the device is moved.
    var rounds: Int {
        switch self {
        case .critical: 2
        case .unplugged: 3
        }
    }

    func strike(_ bmc: SimulatedBMC) async {
        switch self {
        case .critical:
            bmc.systems[0].setHealth(.critical, reason: "PSU 2: input lost")
        case .unplugged: await bmc.unplug()
        }
    }

    func mend(_ bmc: SimulatedBMC) async throws {
        switch self {
        case .critical: bmc.systems[0].setHealth(.ok)
        case .unplugged: try await bmc.plugIn()
        }
    }
}
