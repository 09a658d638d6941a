import Core
import Foundation
import Testing

/// The recorded services of real machines, which lie beside the repository.
enum RecordedServices {
    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("../shared/redfish").standardizedFileURL

    /// What a skipped test says.
    static let advice: Comment =
        "SKIPPED: the recordings of real machines are not at ../shared/redfish"

    /// They don't come with the repository, so they may be missing.
    static var arePresent: Bool {
        FileManager.default.fileExists(
            atPath: folder.appendingPathComponent("hpe-dl325-ilo5").path)
    }

    /// One machine's resources by path.
    static func resources(of machine: String) throws -> [String: JSON] {
        try resources(in: folder.appendingPathComponent(machine))
    }

    /// The resources of a recording that lies elsewhere.
    static func resources(in root: URL) throws -> [String: JSON] {
        let paths = FileManager.default.enumerator(atPath: root.path)
        var resources: [String: JSON] = [:]
        while let path = paths?.nextObject() as? String {
            guard path == "index.json" || path.hasSuffix("/index.json") else { continue }
            let data = try Data(contentsOf: root.appendingPathComponent(path))
            let place = "/redfish/v1/" + path.dropLast("index.json".count)
            resources[String(place.dropLast())] = try JSON(parsing: data)
        }
        return resources
    }
}
