import Core
import Foundation
import Simulator

/// The folder from which a plugin is started on a simulated rack: its inventory, and what that
/// refers to.
struct RackFolder {
    let path: String

    /// IPMI's passwords have at most 20 bytes.
    static func newPassword() -> String {
        String(UUID().uuidString.filter { $0 != "-" }.prefix(20))
    }

    func write(
        _ rack: SimulatedRack, _ configuration: RackConfiguration, password: String
    ) throws {
        let files = FileManager.default
        try files.createDirectory(atPath: path, withIntermediateDirectories: true)
        let folder = URL(fileURLWithPath: path)
        let secret = folder.appendingPathComponent("bmc.password").path
        guard
            files.createFile(
                atPath: secret, contents: Data((password + "\n").utf8),
                attributes: [.posixPermissions: 0o600])
        else { throw CommandError(description: "\(secret): can't be written") }
        if configuration.https {
            try rack.caPEM.write(
                to: folder.appendingPathComponent("ca.pem"), atomically: true, encoding: .utf8)
        }
        if configuration.protocols == .both {
            let inventory = rack.inventoryYAML(passwordFile: "bmc.password", overIPMI: true)
            try inventory.write(
                to: folder.appendingPathComponent("inventory-ipmi.yaml"), atomically: true,
                encoding: .utf8)
        }
        let inventory = rack.inventoryYAML(
            passwordFile: "bmc.password", authorityFile: configuration.https ? "ca.pem" : nil)
        // Last and whole: who waits for it finds the rest in place.
        try inventory.write(
            to: folder.appendingPathComponent("inventory.yaml"), atomically: true, encoding: .utf8)
    }
}
