import InfraKit
import Core
import StateFile
import Foundation
import HTTPClient
import Processes

/// A `rackpool` that serves from an inventory file, and a client on its socket.
struct Plugin {
    private let process: ChildProcess
    private let home: String
    private let http = HTTPClient()

    /// The plugin's process id.
    let id: Int32

    /// Where the plugin keeps its state by itself.
    static func statePath(home: String) -> String { home + "/state/rackpool.json" }

    /// Starts the plugin and returns when its socket is in place.
    /// - Parameter home: the folder for the socket and the state.
    static func start(_ executable: String, home: String, inventory: String) async throws -> Plugin
    {
        let process = try await ChildProcess.start(
            executable, ["--inventory", inventory, "--state", statePath(home: home)],
            environment: ["INFRAKIT_HOME": home, "INFRAKIT_PLUGINS_DIR": ""], until: "serving")
        do {
            return try Plugin(process: process, home: home)
        } catch {
            await process.end()
            throw error
        }
    }

    private init(process: ChildProcess, home: String) throws {
        self.process = process
        self.home = home
        let text = try String(contentsOfFile: home + "/plugins/rackpool.pid", encoding: .utf8)
        guard let id = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw BenchmarkError("rackpool.pid holds no process id: \(text)")
        }
        self.id = id
    }

    func end() async {
        http.shutdown()
        await process.end()
    }

    var client: PluginClient {
        PluginClient(socketPath: home + "/plugins/rackpool", http: http)
    }

    /// Provisions and returns the instance's ID.
    func provision(_ spec: JSON) async throws -> String {
        let result = try await client.call(
            "Instance.Provision", ["Type": "", "Spec": spec], timeout: .seconds(60))
        guard let id = result["ID"]?.string else {
            throw BenchmarkError("not provisioned: \(result)")
        }
        return id
    }

    /// How many claims the files hold that are in the given state.
    func stored(_ state: ClaimState) throws -> Int {
        try StateInspection(path: Self.statePath(home: home)).records
            .count { $0.claim?.state == state }
    }
}
