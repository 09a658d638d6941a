internal import Core
internal import Foundation

extension Fixture {
    /// Reads a folder in the DMTF mockup layout (DSP2043): `A/B/index.json` is the resource
    /// `/redfish/v1/A/B`, and a `headers.json` beside it may hold its headers. The layout may
    /// begin in the folder itself, in `v1`, or in `redfish/v1`. A `recording.json`, as
    /// `rackpool record` writes it, tells paths that are no folders' names and what the service
    /// answered with an error.
    ///
    /// A folder without such a root may hold a file a resource instead, of any name, each telling
    /// its place by its `@odata.id`.
    ///
    /// What is no JSON is served as it is.
    ///
    /// - Parameter allowingNoSystems: whether a service without a computer system will do: that of
    ///   a chassis or a switch.
    /// - Throws: ``FixtureError`` if there is no service root, or no system.
    public convenience init(
        folder: String, allowingNoSystems: Bool = false
    ) throws(FixtureError) {
        let folderURL = URL(fileURLWithPath: folder, isDirectory: true).standardizedFileURL
        var reader = FixtureReader()
        if let base = Self.base(in: folderURL) {
            try reader.readLayout(under: base)
        } else {
            try reader.readFiles(in: folderURL)
        }
        reader.addRoot()
        guard reader.resources[ResourcePath.root] != nil else {
            throw FixtureError(folder, "has no index.json that is a Redfish service root")
        }
        reader.addCollections()
        // Where none is asked for, one may be missing because its file could not be read.
        if !reader.mayHaveSystem, let fault = reader.malformed { throw fault }
        do throws(FixtureError) {
            try self.init(
                name: folderURL.lastPathComponent, resources: reader.resources,
                headers: reader.headers, answers: reader.answers,
                allowingNoSystems: allowingNoSystems)
        } catch {
            throw reader.malformed ?? error
        }
    }

    /// Whether a folder holds a recorded service: what ``init(folder:)`` can make sense of.
    public static func isFixture(_ folder: String) -> Bool {
        let folderURL = URL(fileURLWithPath: folder, isDirectory: true)
        if base(in: folderURL) != nil { return true }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.contains { name in
            name.hasSuffix(".json")
                && FixtureReader.json(in: folderURL.appendingPathComponent(name))
                    .map(FixtureReader.isEntry) == true
        }
    }

    private static func base(in folder: URL) -> URL? {
        ["", "v1/", "redfish/v1/"].map { folder.appendingPathComponent($0) }.first { candidate in
            FixtureReader.json(in: candidate.appendingPathComponent("index.json"))
                .map(FixtureReader.isServiceRoot) == true
        }
    }
}
