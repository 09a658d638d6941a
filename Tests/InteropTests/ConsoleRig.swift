import Core
import Foundation
import HTTPClient
import Simulator
import Testing

/// One simulated BMC that speaks IPMI and Redfish of the same device, which is off, and others'
/// consoles for it.
struct ConsoleRig: Sendable {
    let home: String
    let address: LoopbackAddress
    private let http: HTTPClient
    private let bmc: SimulatedBMC

    /// Runs a body with a rig and takes the rig down, whatever happens.
    static func with(_ body: (ConsoleRig) async throws -> Void) async throws {
        let home = NSTemporaryDirectory() + "rackpool-consoles-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        let user = IPMIUser.administrator
        var configuration = RackConfiguration(count: 1)
        configuration.protocols = .both
        configuration.credentials = Credentials(
            username: user.name, password: Secret(user.password))
        configuration.ipmi.users = [
            SimulatedIPMIUser(
                name: IPMIUser.watcher.name, password: Secret(IPMIUser.watcher.password),
                privilege: .user)
        ]
        configuration.initialPower = .off
        let rack = try SimulatedRack(configuration)
        let http = HTTPClient()
        let result: Result<Void, any Error>
        do {
            try await rack.start()
            let bmc = try #require(rack.bmcs.first)
            let port = try #require(bmc.ipmiPort)
            try await body(
                ConsoleRig(
                    home: home, address: LoopbackAddress(host: bmc.host, port: port), http: http,
                    bmc: bmc))
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await rack.shutdown()
        http.shutdown()
        try? FileManager.default.removeItem(atPath: home)
        try result.get()
    }

    // MARK: Redfish

    /// Returns when the device has come to a power state, and Redfish shows it.
    func wait(for power: PowerState) async throws {
        // A change takes a moment.
        try await bmc.systems.first?.waitForPower(power)
        #expect(try await system()["PowerState"] == (power == .on ? "On" : "Off"))
    }

    func boot() async throws -> JSON { try #require(try await system()["Boot"]) }

    /// Has Redfish change the power.
    func reset(_ kind: String) async throws {
        let body: JSON = ["ResetType": .string(kind)]
        let response = try await http.send(
            request("POST", systemPath + "/Actions/ComputerSystem.Reset", body.encoded()))
        try #require((200..<300).contains(response.status))
    }

    private func system() async throws -> JSON {
        let response = try await http.send(request("GET", systemPath))
        try #require(response.status == 200)
        return try JSON(parsing: response.body)
    }

    private var systemPath: String { bmc.systems.first?.path ?? "" }

    private func request(_ method: String, _ path: String, _ body: [UInt8]? = nil) -> HTTPRequest {
        let user = IPMIUser.administrator
        return HTTPRequest(
            method: method, url: bmc.url + path,
            headers: body == nil ? [:] : ["Content-Type": "application/json"], body: body,
            basicCredentials: HTTPCredentials(user: user.name, password: user.password))
    }

    // MARK: Consoles

    /// Runs `ipmitool` as the administrator, and expects that it succeeds and writes a text.
    func ipmitool(
        _ suite: Int, _ words: String..., writing text: String,
        at place: SourceLocation = #_sourceLocation
    ) async throws {
        let tool = try await Tool.ipmitool(
            address, suite: suite, user: .administrator, words: words)
        #expect(
            tool.status == 0 && tool.output.contains(text), "\(words): \(tool.output)",
            sourceLocation: place)
    }

    /// Runs a tool of FreeIPMI as the administrator, and expects that it succeeds and writes a text.
    func freeIPMI(
        _ tool: String, _ words: String..., writing text: String,
        at place: SourceLocation = #_sourceLocation
    ) async throws {
        let user = IPMIUser.administrator
        let run = try await Tool.run(
            "/usr/sbin/" + tool,
            [
                "--driver-type=LAN_2_0", "--hostname=\(address)", "--username=\(user.name)",
                "--password=\(user.password)", "--privilege-level=ADMIN",
            ] + words)
        #expect(
            run.status == 0 && run.output.contains(text), "\(tool) \(words): \(run.output)",
            sourceLocation: place)
    }
}
