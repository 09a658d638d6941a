import InfraKit
import Core
import Foundation
import HTTPClient
import Logging
import Processes
import Redfish

/// The script of `rackpool demo`.
final class Demo {
    private let folder: String
    private let http = HTTPClient()
    private var rack: ChildProcess?
    private var plugin: ChildProcess?
    private var hardware: Hardware?
    private var step = 0

    init() throws {
        folder = NSTemporaryDirectory() + "rackpool-demo-\(getpid())"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
    }

    private var client: PluginClient {
        PluginClient(socketPath: folder + "/plugins/rackpool", http: http)
    }

    func run() async throws {
        try await startRack()
        try await startPlugin()
        try await check(described: 0, "the pool is empty: nothing is described")

        say("InfraKit commits a group of 3: three provisions at once")
        try await provision(3)
        try await check(described: 3, "3 instances are described, and their servers are on")

        say("InfraKit scales the group to 5: two more provisions")
        try await provision(2)
        try await check(described: 5, "5 instances are described, and their servers are on")

        say("the plugin is killed (SIGKILL) and started again: claims are on disk")
        let before = try await ids()
        await plugin?.end(with: SIGKILL)
        try await startPlugin()
        guard try await ids() == before else {
            throw DemoError(
                "after the restart \(try await ids()) are described, before it \(before)")
        }
        try await check(described: 5, "the same 5 instances, in the same order: nothing was lost")

        let last = try await ids().min() ?? ""
        say("InfraKit destroys one: the lowest ID, \(last), which is the last added")
        _ = try await client.call(
            "Instance.Destroy",
            ["Type": "", "Instance": .string(last), "Context": ["Reason": "terminate"]])
        try await check(
            described: 4, "4 instances are left; the fifth server is off and free again")
        say("done: all steps were checked against the BMCs themselves")
    }

    /// Ends what was started and removes the temporary home.
    func end() async {
        await plugin?.end(with: SIGTERM)
        await hardware?.shutdown()
        await rack?.end(with: SIGTERM)
        http.shutdown()
        do { try FileManager.default.removeItem(atPath: folder) } catch {
            say("\(folder) could not be removed: \(error.localizedDescription)")
        }
    }

    // MARK: Steps

    private func startRack() async throws {
        say("starting a simulated rack of 12 servers, whose BMCs speak Redfish and IPMI by turns")
        let child = try ChildProcess(
            ChildProcess.ownExecutable,
            [
                "simulate", "--count", "12", "--https", "--protocol", "mixed", "--out",
                folder + "/rack",
            ],
            limit: .seconds(300))
        rack = child
        try await child.wait(for: "simulated devices")
        let inventory = try Inventory(
            contentsOfFile: folder + "/rack/inventory.yaml", providers: Providers.names)
        hardware = Hardware(devices: inventory.devices, http: http)
    }

    private func startPlugin() async throws {
        say("starting the plugin on a socket in a temporary home")
        let child = try ChildProcess(
            ChildProcess.ownExecutable, ["--inventory", folder + "/rack/inventory.yaml"],
            environment: ["INFRAKIT_HOME": folder, "INFRAKIT_PLUGINS_DIR": ""], limit: .seconds(300)
        )
        plugin = child
        try await child.wait(for: "serving")
        let answer = try await client.call("Handshake.Hello")
        guard answer["Objects"]?["Instance/0.6.1"] != nil else {
            throw DemoError("the handshake does not offer Instance/0.6.1: \(answer)")
        }
    }

    private func provision(_ count: Int) async throws {
        let client = client
        let spec: JSON = [
            "Properties": ["Boot": ["Target": "Pxe", "Mode": "UEFI"], "Grace": "1s"],
            "Tags": ["infrakit.group": "workers"], "Init": "", "LogicalID": nil, "Attachments": nil,
        ]
        try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<count {
                group.addTask {
                    let answer = try await client.call(
                        "Instance.Provision", ["Type": "", "Spec": spec])
                    return answer["ID"]?.string ?? "?"
                }
            }
            for try await id in group { say("  provisioned \(id)") }
        }
    }

    private func ids() async throws -> [String] {
        let answer = try await client.call(
            "Instance.DescribeInstances",
            ["Type": "", "Tags": ["infrakit.group": "workers"], "Properties": true])
        return answer["Descriptions"]?.array?.compactMap { $0["ID"]?.string } ?? []
    }

    // The BMCs are asked, not the plugin.
    private func check(described count: Int, _ text: String) async throws {
        let ids = try await ids()
        guard ids.count == count else {
            throw DemoError("\(count) instances should be described, but these are: \(ids)")
        }
        let on = try await hardware?.poweredOn() ?? []
        let claimed = Set(
            ids.map { $0.split(separator: "-", maxSplits: 1).last.map(String.init) ?? $0 })
        guard on == claimed else {
            throw DemoError(
                "the servers of the instances are \(claimed.sorted()), but these are on: \(on.sorted())"
            )
        }
        say("  checked: \(text)" + (on.isEmpty ? "" : " (\(on.sorted().joined(separator: ", ")))"))
    }

    private func say(_ text: String) {
        if text.hasPrefix(" ") {
            print("     \(text)")
        } else {
            step += 1
            print("\(step < 10 ? " " : "")\(step). \(text)")
        }
        fflush(nil)
    }
}
