import InfraKit
import Processes
import Core
import Foundation
import HTTPClient
import Testing

@testable import rackpool

/// A daemon, a process in a home of its own, and InfraKit's part in front of it. Who plays the BMCs
/// is for the test to say.
actor InteropRig {
    nonisolated let home: String
    private let http: HTTPClient
    private var daemon: ChildProcess?

    private init() throws {
        home = NSTemporaryDirectory() + "rackpool-interop-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        http = HTTPClient()
    }

    /// Runs a body with a rig and takes the rig down, whatever happens.
    static func with(_ body: (InteropRig) async throws -> Void) async throws {
        let rig = try InteropRig()
        do {
            try await body(rig)
        } catch {
            await rig.end()
            throw error
        }
        await rig.end()
    }

    /// Runs a body with a rig and a `sushy-emulator`.
    static func with(
        systems count: Int, isLocked: Bool = false,
        _ body: (InteropRig, SushyEmulator) async throws -> Void
    ) async throws {
        try await with { rig in
            let emulator = try await SushyEmulator(
                systems: count, in: rig.home, isLocked: isLocked, http: rig.http)
            do {
                try await body(rig, emulator)
            } catch {
                await emulator.end()
                throw error
            }
            await emulator.end()
        }
    }

    private func end() async {
        await stopDaemon(with: SIGKILL)
        http.shutdown()
        do { try FileManager.default.removeItem(atPath: home) } catch {}
    }

    // MARK: The daemon

    /// Starts a daemon on this inventory; returns when it serves.
    /// - Parameter options: what else is on its command line.
    func startDaemon(_ inventory: String, options: [String] = []) async throws {
        let path = home + "/inventory.yaml"
        try inventory.write(toFile: path, atomically: true, encoding: .utf8)
        let daemon = try ChildProcess(
            Self.executable, ["--inventory", path] + options,
            environment: ["INFRAKIT_HOME": home, "INFRAKIT_PLUGINS_DIR": ""], limit: .seconds(170))
        self.daemon = daemon
        try await daemon.wait(for: "serving")
    }

    func stopDaemon(with signal: Int32) async {
        await daemon?.end(with: signal)
    }

    /// What the daemon has logged since its last start.
    var log: String { daemon?.output ?? "" }

    /// Returns once the daemon has logged `text`.
    func waitForLog(_ text: String) async throws {
        try await #require(daemon).wait(for: text)
    }

    // The `rackpool` that was built beside the tests.
    private static let executable: String = {
        let tests = URL(fileURLWithPath: CommandLine.arguments.first ?? "")
        let folders = [tests, ChildProcess.ownURL].map { $0.deletingLastPathComponent() }
        let candidates = folders.map { $0.appendingPathComponent("rackpool").path }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0) } ?? "rackpool"
    }()

    // MARK: InfraKit's part

    private nonisolated var client: PluginClient {
        PluginClient(socketPath: home + "/plugins/rackpool", http: http)
    }

    /// Provisions instances of one group at once, and returns their IDs when their devices run.
    nonisolated func provision(_ count: Int, _ properties: JSON) async throws -> [String] {
        try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<count {
                group.addTask { try await self.provision(properties) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    private nonisolated func provision(_ properties: JSON) async throws -> String {
        let answer = try await client.call(
            "Instance.Provision",
            [
                "Type": "",
                "Spec": [
                    "Properties": properties, "Tags": ["infrakit.group": "workers"], "Init": "",
                    "LogicalID": nil, "Attachments": nil,
                ],
            ])
        let id = try #require(answer["ID"]?.string)
        // The answer may come before the emulator has powered on.
        try await waitForLog("\(id): \(Self.device(of: id)) is on")
        return id
    }

    /// Destroys instances at once, and returns when their devices are off.
    nonisolated func destroy(_ ids: some Sequence<String> & Sendable) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for id in ids {
                group.addTask { try await self.destroy(id) }
            }
            try await group.waitForAll()
        }
    }

    private nonisolated func destroy(_ id: String) async throws {
        _ = try await client.call(
            "Instance.Destroy",
            ["Type": "", "Instance": .string(id), "Context": ["Reason": "terminate"]])
        try await waitForLog("\(id): \(Self.device(of: id)) is free: powered off")
    }

    /// The IDs of the group's instances, in the plugin's order.
    nonisolated func described() async throws -> [String] {
        let answer = try await client.call(
            "Instance.DescribeInstances",
            ["Type": "", "Tags": ["infrakit.group": "workers"], "Properties": false])
        return answer["Descriptions"]?.array?.compactMap { $0["ID"]?.string } ?? []
    }

    /// What the metadata interface shows of a device.
    nonisolated func metadata(of device: String) async throws -> JSON {
        let answer = try await client.call(
            "Metadata.Get", ["Name": "", "Path": ["devices", .string(device)]])
        return try #require(answer["Value"])
    }

    /// The name of an instance's device, as its ID tells.
    nonisolated static func device(of id: String) -> String {
        String(id.drop { $0 != "-" }.dropFirst())
    }
}
