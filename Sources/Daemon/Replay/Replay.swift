import Core
import Foundation
import HTTPClient
import Logging
import Redfish
import Simulator

/// Serves recordings by the simulator and takes every system of each through all steps.
struct Replay: Sendable {
    /// How the simulated BMCs differ from the standard.
    var dialects: Set<Dialect> = []
    /// How many folders at one time.
    var concurrency = 4
    /// How long one folder may take.
    var limit = Duration.seconds(300)

    /// What lies at a path: itself if it is a recording, or the folders in it.
    struct Found {
        /// In the order of their names.
        var recordings: [String] = []
        /// The names of folders that hold no service.
        var others: [String] = []
    }

    /// Looks for recordings.
    ///
    /// - Throws: ``ReplayError`` if there are none.
    static func find(at path: String) throws -> Found {
        if isRecording(path) { return Found(recordings: [path]) }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        } catch {
            throw ReplayError(description: "\(path): \(error.localizedDescription)")
        }
        var found = Found()
        for name in names where !name.hasPrefix(".") && isFolder(path + "/" + name) {
            if isRecording(path + "/" + name) {
                found.recordings.append(path + "/" + name)
            } else {
                found.others.append(name)
            }
        }
        guard !found.recordings.isEmpty else {
            throw ReplayError(
                description: "\(path): neither a recording nor a folder of recordings; "
                    + "make one with: rackpool record URL --out \(path)/NAME")
        }
        return found
    }

    // A broken recording is one too: it fails.
    private static func isRecording(_ folder: String) -> Bool {
        Fixture.isFixture(folder)
            || ["", "/v1", "/redfish/v1"].contains {
                FileManager.default.fileExists(atPath: folder + $0 + "/index.json")
            }
    }

    /// Replays the folders and returns what came of each, in their order.
    func run(_ folders: [String]) async -> [ReplayedFolder] {
        await withTaskGroup(of: (index: Int, folder: ReplayedFolder).self) { group in
            var results: [Int: ReplayedFolder] = [:]
            for (index, folder) in folders.enumerated() {
                // As many as may run at one time are under way: one has to end first.
                if index >= max(1, concurrency), let done = await group.next() {
                    results[done.index] = done.folder
                }
                group.addTask { (index, await replayWithinLimit(folder)) }
            }
            for await done in group { results[done.index] = done.folder }
            return folders.indices.compactMap { results[$0] }
        }
    }

    private func replayWithinLimit(_ folder: String) async -> ReplayedFolder {
        await withTaskGroup(of: ReplayedFolder.self) { group in
            group.addTask { await replay(folder) }
            group.addTask {
                try? await Task.sleep(for: limit)
                var late = ReplayedFolder(name: Self.name(of: folder))
                late.failure = "not done after \(limit.text)"
                return late
            }
            defer { group.cancelAll() }
            return await group.next() ?? ReplayedFolder(name: Self.name(of: folder))
        }
    }

    private func replay(_ folder: String) async -> ReplayedFolder {
        var replayed = ReplayedFolder(name: Self.name(of: folder))
        do {
            let fixture = try Fixture(folder: folder, allowingNoSystems: true)
            guard fixture.systemCount > 0 else {
                replayed.failure = Self.lackOfSystems(in: folder)
                return replayed
            }
            try await serve(fixture, into: &replayed)
        } catch {
            replayed.failure = "\(error)"
        }
        return replayed
    }

    private func serve(_ fixture: Fixture, into replayed: inout ReplayedFolder) async throws {
        var configuration = RackConfiguration(count: 1)
        configuration.fixtures = [fixture]
        configuration.dialects = dialects
        configuration.powerDelay = .milliseconds(10)
        configuration.shutdownDelay = .milliseconds(10)
        configuration.credentials = Credentials(
            username: "replay", password: Secret(UUID().uuidString))
        let rack = try SimulatedRack(configuration)
        try await rack.start()
        let http = HTTPClient()
        let provider = RedfishProvider(
            http: http, logger: Logger(label: "replay") { _ in SwiftLogNoOpLogHandler() })
        for (device, system) in zip(rack.devices(), rack.bmcs.flatMap(\.systems)) {
            if Task.isCancelled { break }
            replayed.systems.append(
                await SystemReplay(provider: provider, device: device, system: system).run())
        }
        await provider.shutdown()
        http.shutdown()
        await rack.shutdown()
    }

    private static func name(of folder: String) -> String {
        URL(fileURLWithPath: folder).standardizedFileURL.lastPathComponent
    }

    /// Why there is nothing to replay: a service without a computer, or one that let nobody in.
    private static func lackOfSystems(in folder: String) -> String {
        let manifest = try? JSON(
            parsing: Data(contentsOf: URL(fileURLWithPath: folder + "/recording.json")))
        let refusals = (manifest?["Failed"]?.object ?? [:]).filter {
            [401, 403].contains($0.value["Status"]?.integer)
        }.map(\.key).sorted()
        let text = "it holds no computer system"
        guard let first = refusals.first else { return text }
        return text + "; the BMC refused \(refusals.count) resources, the first of them \(first): "
            + "record it again with a user who may read them"
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            && isFolder.boolValue
    }
}

/// Why nothing can be replayed.
struct ReplayError: Error, CustomStringConvertible {
    /// One line: what others wrote in it begins none.
    let description: String

    init(description: String) {
        self.description = description.printable
    }
}
