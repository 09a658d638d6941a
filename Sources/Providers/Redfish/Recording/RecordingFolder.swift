internal import Core
internal import SafeFiles
public import Foundation

/// Writes recordings in the DMTF mockup layout (DSP2043): the resource `/redfish/v1/A/B` is
/// `A/B/index.json`, with its headers in `headers.json` beside it. `recording.json` at the top
/// tells what the layout can't: paths that are no file names, and links that brought no resource.
public enum RecordingFolder {
    /// What describes the recording, at its top.
    public static let manifestName = "recording.json"

    /// How many links are listed for each reason that they were not followed.
    private static let listedLinks = 50

    /// Whether there is something at `folder` that a recording would have to replace.
    public static func isTaken(_ folder: String) -> Bool {
        // A link counts for what it is, also one to nowhere.
        guard FileStatus(at: folder) != nil else { return false }
        return (try? FileManager.default.contentsOfDirectory(atPath: folder))?.isEmpty != true
    }

    /// Writes the recording, whole or not at all. Its folder and files are for their owner alone, for
    /// it says much of a network; an anonymised one is as readable as the process's mask has it.
    ///
    /// - Throws: ``RecordingError``; also if the folder is there and not empty.
    public static func write(
        _ recording: Recording, to folder: String, date: Date = Date()
    ) throws(RecordingError) {
        let folder = RecordingJournal.plain(folder)
        guard !isTaken(folder) else { throw RecordingError("\(folder) is there already") }
        let parent = (folder as NSString).deletingLastPathComponent
        do {
            try FileManager.default.createDirectory(
                atPath: parent.isEmpty ? "." : parent, withIntermediateDirectories: true)
            // Nobody can have prepared a folder of this name.
            let staging = try SafeFolder.makeUnique(folder + ".writing-")
            do {
                try write(recording, into: staging, date)
                guard rename(staging, folder) == 0 else {
                    throw RecordingError("rename failed: \(String(cString: strerror(errno)))")
                }
            } catch {
                try? FileManager.default.removeItem(atPath: staging)
                throw error
            }
        } catch {
            throw RecordingError("\(folder): \(error)")
        }
    }

    private static func write(
        _ recording: Recording, into staging: String, _ date: Date
    ) throws {
        let writer = FolderWriter(isForAll: recording.isAnonymised)
        try writer.open(staging)
        var names = FolderNames()
        var strange = JSONObject()
        for resource in recording.read {
            let name = names.folder(for: resource.path)
            if !FolderNames.isPlain(name, for: resource.path) {
                strange[name] = .string(resource.path)
            }
            try writer.write(resource, to: staging, name)
        }
        try writer.write(
            manifest(of: recording, folders: strange, date: date),
            to: staging + "/" + manifestName)
    }

    private static func manifest(
        of recording: Recording, folders: JSONObject, date: Date
    ) -> JSON {
        var manifest: JSONObject = ["Format": 1]
        manifest["Source"] = recording.source.map { JSON.string($0) }
        manifest["Recorded"] = .string(String(date.ISO8601Format().prefix(10)))
        manifest["Anonymised"] = .bool(recording.isAnonymised)
        manifest["Resources"] = JSON(recording.read.count)
        if !folders.isEmpty { manifest["Folders"] = .object(folders) }
        let failed = recording.failed.map { resource -> (String, JSON) in
            var entry = JSONObject()
            entry["Status"] = resource.status.map { JSON($0) } ?? .null
            entry["Problem"] = resource.problem.map { JSON.string($0) }
            return (resource.path, .object(entry))
        }
        if !failed.isEmpty { manifest["Failed"] = .object(JSONObject(failed)) }
        let skipped = CrawlSkip.allCases.compactMap { reason -> JSON? in
            guard let links = recording.skipped[reason] else { return nil }
            return [
                "Reason": .string(reason.rawValue), "Count": JSON(links.count),
                "Links": .array(links.prefix(listedLinks).map(JSON.string)),
            ]
        }
        if !skipped.isEmpty { manifest["Skipped"] = .array(skipped) }
        return .object(manifest)
    }
}
