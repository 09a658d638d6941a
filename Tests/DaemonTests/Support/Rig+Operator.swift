import InfraKit
import Core
import Foundation
import Processes
import Simulator
import Testing

@testable import rackpool

/// The operator's part: rounds, the daemon's view of the devices, and the command line.
extension Rig {
    /// Starts a daemon whose rounds are made by ``sync(_:)``: its own interval is longer than any
    /// test. Returns when the round that it makes at its start is over.
    func startUnclocked(_ arguments: [String] = []) async throws -> ChildProcess {
        let daemon = try await start(["--interval", "2m", "--look-distance", "0s"] + arguments)
        // The second waits for the daemon's own, even if the first came before it.
        try await sync(2)
        return daemon
    }

    /// Has the daemon make rounds; returns the last one's outcome.
    @discardableResult
    func sync(_ rounds: Int = 1) async throws -> JSON {
        var round: JSON = nil
        for _ in 0..<rounds {
            round = try await client.call("Rackpool.Sync", timeout: .seconds(120))
        }
        return round
    }

    /// Makes rounds until something holds that work in the background brings about.
    func sync(
        until condition: () async throws -> Bool, within limit: Duration = .seconds(120),
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let deadline = ContinuousClock.now + limit
        var rounds = 0
        while ContinuousClock.now < deadline {
            if try await condition() { return }
            try await sync()
            rounds += 1
        }
        Issue.record(
            "not so after \(limit) and \(rounds) rounds", sourceLocation: sourceLocation)
    }

    /// The answer of `Rackpool.Devices`.
    func report() async throws -> JSON {
        try await client.call("Rackpool.Devices")
    }

    /// What the daemon says of a device.
    func status(of device: String) async throws -> JSON {
        let devices = try await report()["Devices"]?.array
        return try #require(devices?.first { $0["Name"]?.string == device })
    }

    /// The device of an instance.
    static func device(of instance: String) -> String {
        String(instance.drop { $0 != "-" }.dropFirst())
    }

    /// The BMC of an instance's device.
    func bmc(of instance: String) throws -> SimulatedBMC {
        let name = Self.device(of: instance)
        return try #require(rack.bmcs.first { SimulatedRack.deviceName($0.index) == name })
    }

    /// What a command printed, and its exit code.
    struct CommandOutcome: Sendable {
        let text: String
        let code: Int?

        var lines: [String] { text.split(separator: "\n").map(String.init) }

        /// The lines that are no warnings, which go to the standard error.
        var told: [String] { lines.filter { !$0.hasPrefix("rackpool: warning: ") } }
    }

    /// Runs `rackpool` as an operator does.
    func command(_ arguments: String...) async throws -> CommandOutcome {
        try await command(arguments)
    }

    func command(_ arguments: [String]) async throws -> CommandOutcome {
        let child = try ChildProcess(
            "/bin/sh", ["-c", #""$0" "$@"; echo "=$?""#, Self.executable] + arguments,
            environment: ["INFRAKIT_HOME": home, "INFRAKIT_PLUGINS_DIR": ""], limit: .seconds(170))
        await child.waitForEnd()
        let output = child.output
        let mark = try #require(output.lastIndex(of: "="))
        let code = output[mark...].dropFirst().trimmingCharacters(in: .whitespacesAndNewlines)
        return CommandOutcome(text: String(output[..<mark]), code: Int(code))
    }

    /// Writes the inventory anew, with the chosen devices of the rack.
    func list(_ isListed: (String) -> Bool, moving moved: [String: String] = [:]) throws {
        let lines = rack.inventoryYAML().split(separator: "\n").filter { line in
            guard let start = line.range(of: "{name: ") else { return true }
            return isListed(String(line[start.upperBound...].prefix { $0 != "," }))
        }
        let text = moved.reduce(lines.joined(separator: "\n") + "\n") { text, move in
            text.replacingOccurrences(of: move.key, with: move.value)
        }
        try text.write(toFile: home + "/inventory.yaml", atomically: true, encoding: .utf8)
    }

    /// Has the daemon read its inventory again.
    func hangUp() throws {
        // Not the process group: coreutils' timeout hands on what it is sent.
        let file = try String(contentsOfFile: home + "/plugins/rackpool.pid", encoding: .utf8)
        let id = try #require(Int32(file.trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(kill(id, SIGHUP) == 0)
    }
}
