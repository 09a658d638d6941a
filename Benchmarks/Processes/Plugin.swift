import Core
import Foundation
import HTTPClient

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

    var socketPath: String { home + "/plugins/rackpool" }

    /// Calls a method and returns the answer's text.
    func call(_ method: String, _ params: JSON) async throws -> [UInt8] {
        try await http.post(method, params, socket: socketPath)
    }

    /// Provisions and returns the instance's ID.
    func provision(_ spec: JSON) async throws -> String {
        let answer = try JSON(
            parsing: try await call("Instance.Provision", ["Type": "", "Spec": spec]))
        guard let id = answer["result"]?["ID"]?.string else {
            throw BenchmarkError("not provisioned: \(answer)")
        }
        return id
    }

    /// How many claims the state file holds in the given phase.
    func stored(phase: String) throws -> Int {
        let path = Self.statePath(home: home)
        let state = try JSON(parsing: try Data(contentsOf: URL(fileURLWithPath: path)))
        return state["Instances"]?.array?.count { $0["Phase"]?.string == phase } ?? 0
    }
}

extension HTTPClient {
    /// Makes a JSON-RPC call over a Unix socket and returns the answer's text.
    func post(_ method: String, _ params: JSON, socket: String) async throws -> [UInt8] {
        let request: JSON = [
            "jsonrpc": "2.0", "method": .string(method), "params": params, "id": 1,
        ]
        let response = try await send(
            HTTPRequest(
                method: "POST", url: "http://rackpool/",
                headers: ["Content-Type": "application/json"], body: request.encoded(),
                timeout: .seconds(60), unixSocketPath: socket, maximumBodyBytes: 64 << 20))
        guard response.status == 200 else {
            throw BenchmarkError("\(method): HTTP \(response.status)")
        }
        return response.body
    }
}
