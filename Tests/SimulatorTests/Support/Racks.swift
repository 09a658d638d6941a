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

    static let committedNames = [
        "idrac10-style", "idrac9-r640-style", "ilo5-dl360-style", "rack-server",
        "sushy-fake-two-systems",
    ]

    static func folder(of name: String) -> String {
        committedNames.contains(name)
            ? repository.appending(path: "fixtures/\(name)").path
            : shared.appending(path: name).path
    }
}
