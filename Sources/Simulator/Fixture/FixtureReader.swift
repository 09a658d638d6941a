internal import Core
internal import Foundation
internal import SafeFiles

/// Gathers the resources of a folder.
struct FixtureReader {
    private(set) var resources: [String: JSON] = [:]
    private(set) var headers: [String: [String: String]] = [:]
    /// What is not made of JSON, by path; see ``RecordedAnswer``.
    private(set) var answers: [String: RecordedAnswer] = [:]
    /// What the first file that should be JSON has wrong with it.
    private(set) var malformed: FixtureError?

    /// Whether some resource may be a computer system.
    var mayHaveSystem: Bool {
        resources.values.contains { resource in
            resource["@odata.type"]?.string?.contains("ComputerSystem.") ?? false
                || resource["PowerState"] != nil
        }
    }

    /// A larger file is no resource.
    private static let largestFile = 32 << 20

    /// Whether a resource is the entry to a service. Older services and edited recordings lack the
    /// type.
    static func isServiceRoot(_ resource: JSON) -> Bool {
        if let type = resource["@odata.type"]?.string { return type.contains("ServiceRoot.") }
        return resource["RedfishVersion"] != nil || resource["Systems"]?["@odata.id"] != nil
    }

    /// Whether a file among others tells that they are of one service: its root, or where all
    /// systems are listed.
    static func isEntry(_ resource: JSON) -> Bool {
        isServiceRoot(resource)
            || resource["@odata.type"]?.string?.contains("ComputerSystemCollection") == true
    }

    static func json(in file: URL) -> JSON? {
        bytes(of: file).flatMap { try? JSON(parsing: withoutMark($0)) }
    }

    /// Reads a mockup whose service root is `base`.
    mutating func readLayout(under base: URL) throws(FixtureError) {
        let manifest = Self.json(in: base.appendingPathComponent("recording.json"))
        let folders = manifest?["Folders"]?.object ?? JSONObject()
        for relative in try Self.files(under: base) {
            let parts = relative.split(separator: "/")
            let folder = parts.dropLast().joined(separator: "/")
            let path =
                folders[folder]?.string.map(ResourcePath.withQuery)
                ?? ([Substring(ResourcePath.root)] + parts.dropLast()).joined(separator: "/")
            let file = base.appendingPathComponent(relative)
            switch parts.last?.lowercased() {
            case "index.json": take(file, at: path)
            case "index.xml": takeText(file, at: path, type: "application/xml")
            case "index.txt": takeText(file, at: path, type: "text/plain")
            case "headers.json": headers[path] = Self.json(in: file).map(Self.headers)
            default: break
            }
        }
        takeFailures(of: manifest)
        for (path, answer) in answers {
            guard let type = headers[path]?["Content-Type"] else { continue }
            answers[path] = RecordedAnswer(
                status: answer.status, contentType: type, body: answer.body)
        }
    }

    /// Reads files that tell their place themselves.
    mutating func readFiles(in folder: URL) throws(FixtureError) {
        for relative in try Self.files(under: folder)
        where relative.hasSuffix(".json") && !relative.contains("/") {
            guard let json = Self.json(in: folder.appendingPathComponent(relative)) else {
                continue
            }
            let place =
                Self.isServiceRoot(json)
                ? ResourcePath.root : json["@odata.id"]?.string.map { ResourcePath.canonical($0) }
            guard let place, place.lowercased().hasPrefix(ResourcePath.root) else { continue }
            // The shortest name is the resource itself, others are variants of it.
            if resources[place] == nil { resources[place] = json }
        }
    }

    /// Makes a service root for a recording that lost it.
    mutating func addRoot() {
        let names = ["Systems", "Chassis", "Managers", "SessionService"]
        let links = names.map { ($0, ResourcePath.root + "/" + $0) }
            .filter { resources[$0.1] != nil }
        guard resources[ResourcePath.root] == nil, links.contains(where: { $0.0 == "Systems" })
        else { return }
        var root: JSONObject = [
            "@odata.id": .string(ResourcePath.root + "/"),
            "@odata.type": "#ServiceRoot.v1_5_0.ServiceRoot", "Id": "RootService", "Name": "Root",
        ]
        for (name, path) in links { root[name] = ["@odata.id": .string(path)] }
        resources[ResourcePath.root] = .object(root)
    }

    /// Makes the collections that the root links to and that were not recorded, of the members
    /// that were.
    mutating func addCollections() {
        let root = resources[ResourcePath.root]
        for name in ["Systems", "Chassis", "Managers"] {
            guard let link = root?[name]?["@odata.id"]?.string else { continue }
            let path = ResourcePath.canonical(link)
            guard resources[path] == nil, answers[path] == nil else { continue }
            let members = resources.keys.filter { key in
                key.hasPrefix(path + "/") && !key.dropFirst(path.count + 1).contains("/")
            }
            guard !members.isEmpty else { continue }
            resources[path] = [
                "@odata.id": .string(path), "Name": .string(name),
                "Members@odata.count": JSON(members.count),
                "Members": .array(members.sorted().map { ["@odata.id": .string($0)] }),
            ]
        }
    }

    private mutating func take(_ file: URL, at path: String) {
        guard let bytes = Self.bytes(of: file) else { return }
        do {
            let json = try JSON(parsing: Self.withoutMark(bytes))
            guard json.object == nil else { return resources[path] = json }
        } catch {
            malformed = malformed ?? FixtureError(file.path, error.description)
        }
        answers[path] = RecordedAnswer(
            status: 200, contentType: "application/json", body: Array(bytes))
    }

    private mutating func takeText(_ file: URL, at path: String, type: String) {
        guard let bytes = Self.bytes(of: file) else { return }
        answers[path] = RecordedAnswer(status: 200, contentType: type, body: Array(bytes))
    }

    private mutating func takeFailures(of manifest: JSON?) {
        for (path, failure) in manifest?["Failed"]?.object ?? JSONObject() {
            let path = ResourcePath.withQuery(path)
            guard resources[path] == nil, answers[path] == nil else { continue }
            // The recorder got no answer in time, as one gets none from behind a gateway.
            let status = failure["Status"]?.integer.flatMap { Int(exactly: $0) } ?? 504
            guard (400..<600).contains(status) else { continue }
            answers[path] = RecordedAnswer(status: status, contentType: nil, body: [])
        }
    }

    // Sorted, so that the same folder is read alike on every file system.
    private static func files(under base: URL) throws(FixtureError) -> [String] {
        do {
            return try FileManager.default.subpathsOfDirectory(atPath: base.path).sorted()
        } catch {
            throw FixtureError(base.path, error.localizedDescription)
        }
    }

    private static func bytes(of file: URL) -> Data? {
        // A recording that somebody sent may hold a link to a file of ours, which would be served.
        (try? SafeFile.read(file.path, .readingItself, maximumSize: largestFile)).map { Data($0) }
    }

    // RFC 8259, section 8.1: a reader may ignore a byte order mark.
    private static func withoutMark(_ bytes: Data) -> Data {
        bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes
    }

    // DMTF's mockup creator writes the headers under the method, others without it.
    private static func headers(in file: JSON) -> [String: String] {
        let recorded = file["GET"]?.object ?? file.object ?? JSONObject()
        var headers: [String: String] = [:]
        for (name, value) in recorded { headers[name] = value.string }
        return headers
    }
}
