import Core
import Foundation
import SafeFiles
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
        let parent = (path as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(
            atPath: parent.isEmpty ? "." : parent, withIntermediateDirectories: true)
        try SafeFolder.make(path, mode: 0o755)
        try put(password + "\n", at: "bmc.password", mode: 0o600)
        if configuration.https { try put(rack.caPEM, at: "ca.pem") }
        if configuration.protocols == .both {
            try put(
                rack.inventoryYAML(passwordFile: "bmc.password", overIPMI: true),
                at: "inventory-ipmi.yaml")
        }
        // Last and whole: who waits for it finds the rest in place.
        try put(
            rack.inventoryYAML(
                passwordFile: "bmc.password", authorityFile: configuration.https ? "ca.pem" : nil),
            at: "inventory.yaml")
    }

    private func put(_ text: String, at name: String, mode: UInt32 = 0o644) throws {
        try SafeFile.put(Array(text.utf8), at: path + "/" + name, mode: mode)
    }
}
