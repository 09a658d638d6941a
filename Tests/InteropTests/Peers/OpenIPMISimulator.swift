import Processes
import Foundation
import Testing

@testable import rackpool

/// OpenIPMI's `ipmi_sim` (2.0.33): one BMC. It speaks the cipher suites with SHA-1, of which it lists
/// the first twelve to whoever asks; suite 17 it refuses with the status 0x04.
///
/// A script of ours does what it is asked of the chassis, and keeps the state in files.
struct OpenIPMISimulator: Sendable {
    let address: LoopbackAddress
    private let folder: String
    private let process: ChildProcess

    /// Runs a body with a simulator whose chassis is off, and ends the simulator.
    /// - Parameters:
    ///   - home: where it gets a folder.
    ///   - celsius: what its temperature sensor reads; its limits are 70, 80 and 96.
    static func with(
        in home: String, celsius: UInt8 = 42, _ body: (OpenIPMISimulator) async throws -> Void
    ) async throws {
        let simulator = try await start(in: home, celsius: celsius)
        do {
            try await body(simulator)
        } catch {
            await simulator.process.end(with: SIGKILL)
            throw error
        }
        await simulator.process.end(with: SIGKILL)
    }

    private static func start(
        in home: String, celsius: UInt8
    ) async throws -> OpenIPMISimulator {
        let address = LoopbackAddress.random()
        let folder = home + "/ipmi_sim-" + address.host
        try FileManager.default.createDirectory(
            atPath: folder + "/state", withIntermediateDirectories: true)
        func write(_ text: String, _ name: String) throws {
            try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
        }
        try write(chassis, "chassis")
        try write("0\n", "power")
        try write("none\n", "boot")
        try write(configuration(address, folder), "lan.conf")
        try write(Hardware.commands(celsius: celsius), "bmc.emu")
        let process = try ChildProcess(
            "/usr/bin/ipmi_sim",
            [
                "-n", "-c", folder + "/lan.conf", "-f", folder + "/bmc.emu",
                "-s", folder + "/state",
            ], limit: .seconds(170))
        try await process.wait(for: readiness)
        return OpenIPMISimulator(address: address, folder: folder, process: process)
    }

    private static let readiness = "the chassis is there"

    // The start command is for starting a virtual machine. It is run when the socket is bound, and so
    // tells of it; the power state is the script's all the same (bmc_chassis.c, ipmi_mc_is_power_on).
    private static func configuration(_ address: LoopbackAddress, _ folder: String) -> String {
        func user(_ number: Int, _ user: IPMIUser, _ level: String) -> String {
            "user \(number) true \"\(user.name)\" \"\(user.password)\" \(level) 10 md5"
        }
        let levels = ["callback", "user", "operator", "admin"]
        return """
            name "rackpool"
            set_working_mc 0x20
              startlan 1
                addr \(address.host) \(address.port)
                priv_limit admin
                \(levels.map { "allowed_auths_\($0) md5" }.joined(separator: "\n    "))
                guid \(guid)
              endlan
              chassis_control "/bin/sh \(folder)/chassis"
              startcmd "echo \(readiness)"
              startnow true
              user 1 false "" "" user 10 md5
              \(user(2, .administrator, "admin"))
              \(user(3, .operator, "operator"))
              \(user(4, .watcher, "user"))

            """
    }

    /// In the order in which the bytes travel.
    static let guid = "a123456789abcdefa123456789abcdef"

    // It is called with `get` and names, or `set` and pairs of name and value; names that it is sent
    // are power, reset, boot, shutdown and identify, whose value is two words (bmc_chassis.c).
    private static let chassis = """
        folder=$(dirname "$0")
        operation=$1
        shift
        case $operation in
        get)
            for name; do echo "$name:$(cat "$folder/$name")"; done ;;
        set)
            echo "$*" >>"$folder/orders"
            case $1 in
            power | boot) echo "$2" >"$folder/$1.new" && mv "$folder/$1.new" "$folder/$1" ;;
            shutdown) echo 0 >"$folder/power.new" && mv "$folder/power.new" "$folder/power" ;;
            esac ;;
        *)
            exit 1 ;;
        esac

        """

    // MARK: What has become of its chassis

    var isOn: Bool { get throws { try content("power") == "1" } }

    /// `none`, `pxe`, `default`, `cdrom` or `bios`.
    var boot: String { get throws { try content("boot") } }

    /// What was asked of the chassis so far, but for questions: `power 1`.
    var orders: [String] {
        ((try? content("orders")) ?? "").split(separator: "\n").map(String.init)
    }

    private func content(_ name: String) throws -> String {
        try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
