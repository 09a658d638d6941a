import InfraKit
import Core
import Foundation
import HTTPClient
import Logging
import Processes
import Redfish
import Simulator

/// The script of `rackpool demo`.
final class Demo {
    private let folder: String
    private let http = HTTPClient()
    private var rack: SimulatedRack?
    private var plugin: ChildProcess?
    private var hardware: Hardware?
    private var step = 0

    init() throws {
        folder = NSTemporaryDirectory() + "rackpool-demo-\(getpid())"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
    }

    private var inventoryPath: String { folder + "/rack/inventory.yaml" }

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
        try await wait(until: "\(last) is released") { !$0.contains(last) }
        try await check(
            described: 4, "4 instances are left; the fifth server is off and free again")
        try await showFailure()
        try await showRename()
        say("done: all steps were checked against the BMCs themselves")
    }

    /// Ends what was started and removes the temporary home.
    func end() async {
        await plugin?.end(with: SIGTERM)
        await hardware?.shutdown()
        await rack?.shutdown()
        http.shutdown()
        do { try FileManager.default.removeItem(atPath: folder) } catch {
            say("\(folder) could not be removed: \(error.localizedDescription)")
        }
    }

    // MARK: Steps

    private func startRack() async throws {
        say("starting a simulated rack of 12 servers, whose BMCs speak Redfish and IPMI by turns")
        var configuration = RackConfiguration(count: 12)
        configuration.https = true
        configuration.protocols = .mixed
        configuration.initialPower = .off
        configuration.powerDelay = .milliseconds(50)
        configuration.shutdownDelay = .milliseconds(50)
        let password = RackFolder.newPassword()
        configuration.credentials = Credentials(username: "admin", password: Secret(password))
        let rack = try SimulatedRack(configuration)
        try await rack.start()
        self.rack = rack
        try RackFolder(path: folder + "/rack").write(rack, configuration, password: password)
        let inventory = try Inventory(
            contentsOfFile: inventoryPath, providers: Providers.names)
        hardware = Hardware(devices: inventory.devices, http: http)
    }

    private func startPlugin() async throws {
        say("starting the plugin on a socket in a temporary home")
        let child = try ChildProcess(
            ChildProcess.ownExecutable,
            // Simulated servers are quick: what takes minutes in a rack takes seconds here.
            [
                "--inventory", inventoryPath, "--interval", "1s", "--latest-on", "5s",
                "--unexplained-off", "1s", "--guest-restart", "500ms",
            ],
            environment: ["INFRAKIT_HOME": folder, "INFRAKIT_PLUGINS_DIR": ""], limit: .seconds(300)
        )
        plugin = child
        try await child.wait(for: "serving")
        let answer = try await client.call("Handshake.Hello")
        guard answer["Objects"]?["Instance/0.6.1"] != nil else {
            throw DemoError("the handshake does not offer Instance/0.6.1: \(answer)")
        }
    }

    /// A server falls ill, is replaced, recovers, and comes back to the front.
    private func showFailure() async throws {
        guard let rack else { return }
        let candidates = rack.systemsByName.filter { $0.system.bmc.ipmiPort == nil }.map(\.name)
        let ids = try await ids()
        guard let ill = ids.last(where: { candidates.contains(Self.device(of: $0)) }) else {
            throw DemoError("no server can fall ill")
        }
        let control = RackControl(rack: rack)
        let device = Self.device(of: ill)
        say("a power supply of \(device) fails: two critical looks make \(ill) non-functional")
        _ = try await control.apply(.illness, to: [device])
        try await wait(until: "\(ill) is non-functional") { !$0.contains(ill) }
        say("  InfraKit sees 3 of 4 and provisions another")
        try await provision(1)
        guard try await self.ids().count == 4 else { throw DemoError("4 should be described") }
        say("the power supply is replaced: two good looks bring \(ill) back")
        _ = try await control.apply(ServerChange(health: .ok), to: [device])
        try await wait(until: "\(ill) is back") { $0.contains(ill) }
        guard try await self.ids().first == ill else {
            throw DemoError("\(ill) should stand at the front: \(try await self.ids())")
        }
        try await check(described: 5, "5 instances, \(ill) at the front")
    }

    /// A claimed device has another name from now on.
    private func showRename() async throws {
        let before = try await ids()
        let instance = before.last ?? ""
        let device = Self.device(of: instance)
        say("the inventory calls \(device) db1 from now on, and is read again (SIGHUP)")
        let text = try String(contentsOfFile: inventoryPath, encoding: .utf8)
        try text.replacingOccurrences(of: "name: \(device),", with: "name: db1,")
            .write(toFile: inventoryPath, atomically: true, encoding: .utf8)
        plugin?.send(SIGHUP)
        try await plugin?.wait(for: "db1: renamed: was \(device), and keeps its claim")
        let devices = try await client.call("Rackpool.Devices")["Devices"]?.array ?? []
        let renamed = devices.first { $0["Name"]?.string == "db1" }
        guard renamed?["Instance"]?.string == instance else {
            throw DemoError("db1 should be claimed by \(instance): \(renamed ?? .null)")
        }
        guard try await ids() == before else { throw DemoError("the instances have changed") }
        try await check(described: 5, "db1 took its claim along: the same instance, still running")
    }

    private static func device(of instance: String) -> String {
        instance.split(separator: "-", maxSplits: 1).last.map(String.init) ?? instance
    }

    /// Waits until what is described is as it should be.
    private func wait(until text: String, _ isTrue: ([String]) -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            if isTrue(try await ids()) { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw DemoError("\(text): not so after 60 s; these are described: \(try await ids())")
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
        let claimed = Set(ids.map(Self.device))
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
