import Processes

/// A rack of pretend BMCs in a process of its own.
struct SimulatorProcess {
    private let process: ChildProcess
    /// The file that lists the devices.
    let inventory: String

    /// Starts the rack, all devices off, and returns when it serves.
    static func start(
        _ executable: String, count: Int, https: Bool, folder: String
    ) async throws -> SimulatorProcess {
        let process = try await ChildProcess.start(
            executable,
            ["simulate", "--count", "\(count)", "--power-delay", "1ms", "--out", folder]
                + (https ? ["--https"] : []),
            until: "start the plugin with")
        return SimulatorProcess(process: process, inventory: folder + "/inventory.yaml")
    }

    /// Starts a rack that speaks IPMI alone.
    static func startIPMI(
        _ executable: String, count: Int, folder: String
    ) async throws -> SimulatorProcess {
        let process = try await ChildProcess.start(
            executable,
            ["simulate", "--protocol", "ipmi", "--count", "\(count)", "--out", folder],
            until: "start the plugin with")
        return SimulatorProcess(process: process, inventory: folder + "/inventory.yaml")
    }

    func end() async {
        await process.end()
    }
}
