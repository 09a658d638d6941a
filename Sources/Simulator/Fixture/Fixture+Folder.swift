internal import Core
internal import Foundation

extension Fixture {
    /// Reads a folder in the DMTF mockup layout (DSP2043): `A/B/index.json` is the resource
    /// `/redfish/v1/A/B`, and a `headers.json` beside it may hold its headers. The layout may
    /// begin in the folder itself, in `v1`, or in `redfish/v1`.
    ///
    /// - Throws: ``FixtureError`` with the file that can't be read.
    public convenience init(folder: String) throws(FixtureError) {
        let folderURL = URL(fileURLWithPath: folder, isDirectory: true).standardizedFileURL
        let prefixes = ["", "v1/", "redfish/v1/"]
        let found = prefixes.map { folderURL.appendingPathComponent($0) }.first { candidate in
            let index = try? Self.parse(candidate.appendingPathComponent("index.json"))
            return index?["@odata.type"]?.string?.hasPrefix("#ServiceRoot.") == true
        }
        guard let base = found else {
            throw FixtureError(folder, "has no index.json that is a Redfish service root")
        }
        var resources: [String: JSON] = [:]
        var headers: [String: [String: String]] = [:]
        for relative in try Self.files(under: base) {
            let parts = relative.split(separator: "/")
            let path = ([Substring(ResourcePath.root)] + parts.dropLast()).joined(separator: "/")
            let file = base.appendingPathComponent(relative)
            switch parts.last {
            case "index.json": resources[path] = try Self.parse(file)
            case "headers.json": headers[path] = Self.headers(in: try Self.parse(file))
            default: break
            }
        }
        try self.init(name: folderURL.lastPathComponent, resources: resources, headers: headers)
    }

    private static func files(under base: URL) throws(FixtureError) -> [String] {
        do {
            return try FileManager.default.subpathsOfDirectory(atPath: base.path)
        } catch {
            throw FixtureError(base.path, error.localizedDescription)
        }
    }

    private static func parse(_ file: URL) throws(FixtureError) -> JSON {
        let bytes: Data
        do {
            bytes = try Data(contentsOf: file)
        } catch {
            throw FixtureError(file.path, error.localizedDescription)
        }
        do {
            return try JSON(parsing: bytes)
        } catch {
            throw FixtureError(file.path, error.description)
        }
    }

    // DMTF's mockup creator writes the headers under the method, others without it.
    private static func headers(in file: JSON) -> [String: String] {
        let recorded = file["GET"]?.object ?? file.object ?? JSONObject()
        var headers: [String: String] = [:]
        for (name, value) in recorded { headers[name] = value.string }
        return headers
    }
}
