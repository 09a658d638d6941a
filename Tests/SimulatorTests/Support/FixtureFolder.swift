import Core
import Foundation

/// The files of one fixture, as they lie there.
struct FixtureFolder {
    /// Each resource by its path, `/redfish/v1/Systems/1`.
    let resources: [String: JSON]
    /// `dead-links.txt`: links that lead nowhere, on purpose.
    let deadLinks: [String]

    init(_ name: String) throws {
        let folder = Recordings.folder(of: name)
        var resources: [String: JSON] = [:]
        for file in try FileManager.default.subpathsOfDirectory(atPath: folder)
        where file == "index.json" || file.hasSuffix("/index.json") {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + file))
            let path = "/redfish/v1/" + file.dropLast("index.json".count)
            resources[Self.canonical(path)] = try JSON(parsing: bytes)
        }
        self.resources = resources
        let list = try? String(contentsOfFile: folder + "/dead-links.txt", encoding: .utf8)
        deadLinks = list?.split(separator: "\n").map(String.init) ?? []
    }

    /// A link without query, fragment and slashes at its end.
    static func canonical(_ link: String) -> String {
        var path = link.prefix { $0 != "#" && $0 != "?" }
        while path.count > 1, path.last == "/" { path.removeLast() }
        return String(path)
    }

    /// Every link in the resource, in today's spelling or that of the first drafts.
    static func links(in json: JSON) -> [String] {
        strings(in: json, under: "") { ["@odata.id", "href", "extref"].contains($0) }
            + strings(in: json, under: "") { $0 == "@Redfish.ActionInfo" }
    }

    /// Serial numbers and MAC addresses, in lower case.
    static func identities(in json: JSON) -> [String] {
        strings(in: json, under: "") { key in
            key == "SerialNumber" || key.lowercased().contains("macaddress")
        }
        .map { $0.lowercased() }
        .filter { $0.contains { !$0.isWhitespace } && $0 != "unknown" }
    }

    private static func strings(
        in json: JSON, under key: String, where matches: (String) -> Bool
    ) -> [String] {
        switch json {
        case .object(let object):
            object.flatMap { strings(in: $0.value, under: $0.key, where: matches) }
        case .array(let elements):
            elements.flatMap { strings(in: $0, under: key, where: matches) }
        case .string(let text): matches(key) ? [text] : []
        default: []
        }
    }
}
