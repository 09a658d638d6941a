import Core
import Foundation
import Simulator
import Testing

/// Runs `body` with a rack that was started, and shuts it down.
func withRack<Result>(
    _ count: Int = 1, _ configure: (inout RackConfiguration) -> Void = { _ in },
    _ body: (SimulatedRack) async throws -> Result
) async throws -> Result {
    var configuration = RackConfiguration(count: count)
    configuration.powerDelay = .milliseconds(5)
    configuration.shutdownDelay = .milliseconds(5)
    configure(&configuration)
    let rack = try SimulatedRack(configuration)
    try await rack.start()
    do {
        let result = try await body(rack)
        await rack.shutdown()
        return result
    } catch {
        await rack.shutdown()
        throw error
    }
}

/// The path of the built-in server's only system.
let systemPath = "/redfish/v1/Systems/1"

/// The `Authorization` header of RFC 7617.
func basic(_ user: String, _ password: String) -> [String: String] {
    ["Authorization": "Basic " + Data("\(user):\(password)".utf8).base64EncodedString()]
}

/// Where recordings of real and made-up machines lie.
enum Recordings {
    private static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The recordings of real machines; not part of the repository.
    static let shared = repository.deletingLastPathComponent().appending(path: "shared/redfish")
    static let haveShared = FileManager.default.fileExists(atPath: shared.path)
    static let sharedNames = [
        "cray-ex425-two-nodes", "dmtf-public-rackmount1", "hpe-dl325-ilo5", "openbmc-stock",
        "supermicro-x10",
    ]

    /// The folders under `fixtures`.
    static let committedNames =
        ((try? FileManager.default.contentsOfDirectory(
            atPath: repository.appending(path: "fixtures").path)) ?? [])
        .filter { $0 != "README.md" }.sorted()

    /// Those that were not recorded: recordings carry a licence, or say how they were made.
    static let handWrittenNames = committedNames.filter { name in
        !["LICENSE", "recording.json"].contains {
            FileManager.default.fileExists(atPath: folder(of: name) + "/" + $0)
        }
    }

    static func folder(of name: String) -> String {
        sharedNames.contains(name)
            ? shared.appending(path: name).path
            : repository.appending(path: "fixtures/\(name)").path
    }
}
