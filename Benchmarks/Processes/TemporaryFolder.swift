import Foundation

/// A folder of this run's own. Its path is short, for a socket's may have 107 bytes.
struct TemporaryFolder {
    let path: String

    init(in parent: String) throws {
        path = parent + "/rackpool-bench-" + UUID().uuidString.prefix(8).lowercased()
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700])
    }

    /// Makes a folder inside.
    func subfolder(_ name: String) throws -> String {
        let folder = path + "/" + name
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        return folder
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }
}
