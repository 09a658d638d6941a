import Processes
import Core
import Foundation
import HTTPClient
import Testing

@testable import rackpool

/// OpenStack's `sushy-emulator` with its fake driver: one BMC for all its systems, which take 1 to
/// 11 s to change their power state (sushy-tools, `fakedriver.py`, `set_power_state`).
struct SushyEmulator: Sendable {
    /// A system as the emulator shows it.
    struct System: Sendable, Hashable {
        let name: String
        let isOn: Bool
        let bootTarget: String
    }

    /// A user that the emulator knows.
    static let credentials = HTTPCredentials(user: "admin", password: password)
    static let password = "interop-hush"

    // `htpasswd -nbB -C 4 admin interop-hush`: the emulator takes bcrypt digests only.
    private static let passwords =
        "admin:$2b$04$og4tkgiLyBUXR6HJGlsHU.4xy0wraP6KkxQONUngf5mYCpxcch8uW\n"

    let url: String
    private let process: ChildProcess
    private let credentials: HTTPCredentials?
    private let http: HTTPClient

    /// Starts an emulator on a free port, all its systems off; returns when it serves.
    /// - Parameters:
    ///   - folder: where its configuration and state go.
    ///   - isLocked: whether it asks for ``credentials``.
    init(systems count: Int, in folder: String, isLocked: Bool, http: HTTPClient) async throws {
        let environment = try #require(InteropPeers.environment)
        try Self.configuration(systems: count, in: folder, isLocked: isLocked)
            .write(toFile: folder + "/sushy.py", atomically: true, encoding: .utf8)
        if isLocked {
            try Self.passwords.write(
                toFile: folder + "/sushy.passwords", atomically: true, encoding: .utf8)
        }
        process = try ChildProcess(
            environment + "/bin/sushy-emulator",
            ["--fake", "--interface", "127.0.0.1", "--config", folder + "/sushy.py"],
            limit: .seconds(170))
        // The line after the one with the port.
        try await process.wait(for: "Press CTRL+C to quit")
        let port = try #require(process.output.firstMatch(of: #/http://127\.0\.0\.1:(\d+)/#)?.1)
        url = "http://127.0.0.1:\(port)"
        credentials = isLocked ? Self.credentials : nil
        self.http = http
    }

    // By SIGKILL, for the thread that started it may have handed down a mask against SIGTERM.
    func end() async {
        await process.end(with: SIGKILL)
    }

    static func name(_ number: Int) -> String { String(format: "node-%02d", number) }

    static func uuid(_ number: Int) -> String {
        String(format: "00000000-0000-4000-8000-0000000000%02d", number)
    }

    static func macAddress(_ number: Int) -> String {
        String(format: "52:54:00:00:00:%02x", number)
    }

    // A Python file, of which JSON's strings, numbers and lists are a part.
    private static func configuration(
        systems count: Int, in folder: String, isLocked: Bool
    ) -> String {
        let systems = (1...count).map { number -> JSON in
            [
                "uuid": .string(uuid(number)), "name": .string(name(number)),
                "power_state": "Off", "nics": [["mac": .string(macAddress(number))]],
            ]
        }
        // It takes a port of 0 from here only; on the command line it would mean 8000.
        var lines = [
            "SUSHY_EMULATOR_LISTEN_PORT = 0",
            "SUSHY_EMULATOR_STATE_DIR = \(JSON.string(folder + "/sushy"))",
            "SUSHY_EMULATOR_FAKE_SYSTEMS = \(JSON.array(systems))",
        ]
        if isLocked {
            lines.append("SUSHY_EMULATOR_AUTH_FILE = \(JSON.string(folder + "/sushy.passwords"))")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

// MARK: - What it shows

extension SushyEmulator {
    /// All systems, read one by one.
    func systems() async throws -> [System] {
        var systems: [System] = []
        for member in try await get("/redfish/v1/Systems")["Members"]?.array ?? [] {
            let system = try await get(try #require(member["@odata.id"]?.string))
            systems.append(
                System(
                    name: try #require(system["Name"]?.string),
                    isOn: try #require(system["PowerState"]?.string) == "On",
                    bootTarget: try #require(system["Boot"]?["BootSourceOverrideTarget"]?.string)))
        }
        return systems
    }

    /// The names of the systems that are on.
    func poweredOn() async throws -> Set<String> {
        Set(try await systems().filter(\.isOn).map(\.name))
    }

    /// The URL of the image in a system's virtual CD drive; nil if it is empty.
    func image(in number: Int) async throws -> String? {
        let drive = try await get("/redfish/v1/Systems/\(Self.uuid(number))/VirtualMedia/Cd")
        return drive["Inserted"]?.bool == true ? drive["Image"]?.string : nil
    }

    /// The power commands that it was sent so far.
    var resets: Int {
        process.output.split(separator: "\n").count {
            $0.contains("POST ") && $0.contains("ComputerSystem.Reset")
        }
    }

    private func get(_ path: String) async throws -> JSON {
        let response = try await http.send(
            HTTPRequest(url: url + path, basicCredentials: credentials))
        try #require(response.status == 200, "GET \(path)")
        return try JSON(parsing: response.body)
    }
}
