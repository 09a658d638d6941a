import Core
import Foundation
import Testing

/// A folder of its own for one test, removed with the value.
final class InventoryFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appending(path: "inventory-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Writes a file and returns its absolute path.
    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        try write(name, bytes: Array(text.utf8))
    }

    @discardableResult
    func write(_ name: String, bytes: [UInt8]) throws -> String {
        let file = URL(fileURLWithPath: path).appending(path: name)
        try Data(bytes).write(to: file)
        return file.path
    }
}

/// The devices of a text.
func devices(
    _ text: String, file: String = "inventory.yaml", environment: [String: String] = [:],
    providers: [String] = ["redfish"]
) throws(InventoryError) -> [Device] {
    try Inventory(parsing: text, file: file, environment: environment, providers: providers).devices
}

/// The lines of the error that a text is refused with; none if it is accepted.
func mistakes(
    _ text: String, file: String = "inventory.yaml", environment: [String: String] = [:],
    providers: [String] = ["redfish"]
) -> [String] {
    do {
        _ = try devices(text, file: file, environment: environment, providers: providers)
        return []
    } catch {
        return error.mistakes.map(\.description)
    }
}

/// One device with some more keys, on line 2.
func device(with keys: String) -> String {
    "devices:\n  - {name: r1, bmc: https://10.0.0.1, \(keys)}"
}
