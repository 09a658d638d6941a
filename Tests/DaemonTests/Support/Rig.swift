import InfraKit
import Core
import Foundation
import HTTPClient
import Processes
import Simulator
import Testing

@testable import rackpool

/// A daemon in a process of its own, in a home of its own, with a simulated rack in this process
/// that outlives it.
final class Rig: Sendable {
    let home: String
    let rack: SimulatedRack
    let http = HTTPClient()

    /// The `rackpool` that was built beside the tests.
    static let executable: String = {
        let tests = URL(fileURLWithPath: CommandLine.arguments.first ?? "")
        let folders = [tests, ChildProcess.ownURL].map { $0.deletingLastPathComponent() }
        let candidates = folders.map { $0.appendingPathComponent("rackpool").path }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0) } ?? "rackpool"
    }()

    init(_ configuration: RackConfiguration) async throws {
        home = NSTemporaryDirectory() + "rackpool-daemon-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        rack = try SimulatedRack(configuration)
        try await rack.start()
        try rack.inventoryYAML().write(
            toFile: home + "/inventory.yaml", atomically: true, encoding: .utf8)
    }

    convenience init(
        _ count: Int, dialects: Set<Dialect> = [], protocols: RackProtocols = .redfish,
        impairment: Impairment = Impairment()
    ) async throws {
        var configuration = RackConfiguration(count: count)
        configuration.initialPower = .off
        configuration.powerDelay = .milliseconds(20)
        configuration.shutdownDelay = .milliseconds(20)
        configuration.credentials = Credentials(username: "admin", password: Secret("pass"))
        configuration.dialects = dialects
        configuration.protocols = protocols
        configuration.ipmi.impairment = impairment
        try await self.init(configuration)
    }

    /// Runs a body with a rig and takes the rig down, whatever happens.
    static func with(
        _ count: Int, dialects: Set<Dialect> = [], protocols: RackProtocols = .redfish,
        impairment: Impairment = Impairment(), _ body: (Rig) async throws -> Void
    ) async throws {
        let rig = try await Rig(
            count, dialects: dialects, protocols: protocols, impairment: impairment)
        do {
            try await body(rig)
        } catch {
            await rig.end()
            throw error
        }
        await rig.end()
    }

    var client: PluginClient { PluginClient(socketPath: home + "/plugins/rackpool", http: http) }

    /// What simulated BMCs are capable of.
    static let times = [
        "--latest-on", "4s", "--unexplained-off", "500ms", "--guest-restart", "200ms", "--resend",
        "10s",
    ]

    /// Starts the daemon; returns when it serves.
    func start(_ arguments: [String] = []) async throws -> ChildProcess {
        let child = try spawn(
            ["--inventory", home + "/inventory.yaml"] + Self.times + arguments)
        try await child.wait(for: "serving")
        return child
    }

    /// Starts the daemon and lets it make its first round, the only one for an hour, so that what
    /// the BMCs hear from now on is of the caller's making.
    func startedAndSynchronised() async throws -> ChildProcess {
        let child = try await start(["--interval", "1h"])
        _ = try await client.call("Rackpool.Sync")
        return child
    }

    func spawn(_ arguments: [String]) throws -> ChildProcess {
        try ChildProcess(
            Self.executable, arguments,
            environment: ["INFRAKIT_HOME": home, "INFRAKIT_PLUGINS_DIR": ""], limit: .seconds(170))
    }

    func end() async {
        await rack.shutdown()
        http.shutdown()
        do { try FileManager.default.removeItem(atPath: home) } catch {}
    }

    // MARK: InfraKit's part

    static func spec(
        _ properties: JSON = nil, group: String = "g", logicalID: String? = nil
    ) -> JSON {
        [
            "Type": "",
            "Spec": [
                "Properties": properties, "Tags": ["infrakit.group": .string(group)], "Init": "",
                "LogicalID": JSON(logicalID), "Attachments": nil,
            ],
        ]
    }

    func provision(_ properties: JSON = nil, group: String = "g") async throws -> String {
        let answer = try await client.call(
            "Instance.Provision", Self.spec(properties, group: group), timeout: .seconds(30))
        return try #require(answer["ID"]?.string)
    }

    /// Asks again, as InfraKit does, where the machine is so busy that a claim was not on disk in
    /// the call's time; until it is taken back, that device is not to be had.
    func provisionPatiently() async throws -> String {
        let deadline = ContinuousClock.now + .seconds(120)
        while true {
            do {
                return try await provision()
            } catch {
                let isPassing = ["no device was started within", "no device to claim"]
                    .contains { "\(error)".hasPrefix($0) }
                guard isPassing, ContinuousClock.now < deadline else { throw error }
            }
        }
    }

    /// Destroys an instance, and returns when its device is off and free.
    func destroy(_ id: String) async throws {
        try await beginToDestroy(id)
        try await client.waitUntilGone([id])
    }

    func beginToDestroy(_ id: String) async throws {
        _ = try await client.call(
            "Instance.Destroy",
            ["Type": "", "Instance": .string(id), "Context": ["Reason": "terminate"]],
            timeout: .seconds(30))
    }

    func described() async throws -> [String] {
        let answer = try await client.call(
            "Instance.DescribeInstances", ["Type": "", "Tags": [:], "Properties": false])
        return answer["Descriptions"]?.array?.compactMap { $0["ID"]?.string } ?? []
    }

    // MARK: The hardware

    /// The names of the devices that are on.
    var poweredOn: Set<String> {
        let systems = rack.bmcs.flatMap(\.systems)
        return Set(
            systems.enumerated().filter { $0.element.power == .on }
                .map { SimulatedRack.deviceName($0.offset) })
    }

    /// Waits until these devices and no others run: a provision may be answered before its device
    /// is on.
    func waitUntilPoweredOn(_ devices: Set<String>) async throws {
        for (index, system) in rack.bmcs.flatMap(\.systems).enumerated() {
            let runs = devices.contains(SimulatedRack.deviceName(index))
            try await system.waitForPower(runs ? .on : .off)
        }
        #expect(poweredOn == devices)
    }

    /// The devices of the described instances.
    func claimed() async throws -> Set<String> {
        Set(try await described().map { String($0.drop { $0 != "-" }.dropFirst()) })
    }
}

extension PluginClient {
    /// Asks until none of the instances is described: their devices are off and free.
    func waitUntilGone(
        _ ids: Set<String>, within limit: Duration = .seconds(60),
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            let answer = try await call(
                "Instance.DescribeInstances", ["Type": "", "Tags": [:], "Properties": false])
            let described = answer["Descriptions"]?.array?.compactMap { $0["ID"]?.string } ?? []
            if ids.isDisjoint(with: described) { return }
        }
        Issue.record("\(ids.sorted()) are still described", sourceLocation: sourceLocation)
    }
}
