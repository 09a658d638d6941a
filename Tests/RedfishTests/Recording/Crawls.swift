import Core
import Foundation
import HTTPClient
import Locking
import Logging

@testable import Redfish

/// Recorders of fake services, and what they kept.
enum Crawls {
    static func recorder(
        of service: FakeService, limits: CrawlLimits = CrawlLimits(), password: String = "hunter2"
    ) -> ServiceRecorder {
        var recorder = ServiceRecorder(
            device: service.device(password: password), http: HTTPClient(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        recorder.limits = limits
        return recorder
    }

    static func record(
        _ service: FakeService, limits: CrawlLimits = CrawlLimits(), password: String = "hunter2",
        keep: @escaping @Sendable (RecordedResource) -> Void = { _ in }
    ) async throws -> Recording {
        try await recorder(of: service, limits: limits, password: password)
            .record { resource, _ in keep(resource) }
    }

    /// A service whose root links to the given resources under `/redfish/v1`.
    static func service(_ resources: [String: JSON]) -> [String: JSON] {
        var service: [String: JSON] = [:]
        var root: JSONObject = ["@odata.id": "/redfish/v1"]
        for (name, resource) in resources {
            let path = "/redfish/v1/" + name
            service[path] = resource.setting(["@odata.id": .string(path)])
            if !name.contains("/") { root[name] = ["@odata.id": .string(path)] }
        }
        service["/redfish/v1"] = .object(root)
        return service
    }

    static func link(_ path: String) -> JSON { ["@odata.id": .string(path)] }

    static func links(_ paths: [String]) -> JSON { .array(paths.map(link)) }

    /// A folder that is not there yet, in one that is.
    static func freshFolder() -> String {
        FileManager.default.temporaryDirectory
            .appendingPathComponent("rackpool-recording-" + UUID().uuidString).path + "/out"
    }

    /// All bytes below a folder, names included.
    static func allText(in folder: String) throws -> String {
        try FileManager.default.subpathsOfDirectory(atPath: folder).sorted().map { name in
            let file = URL(fileURLWithPath: folder + "/" + name)
            return name + "\n" + ((try? String(contentsOf: file, encoding: .utf8)) ?? "")
        }.joined(separator: "\n")
    }
}

/// What a recorder handed out, from whatever thread.
final class Kept: Sendable {
    private let list = Mutex<[RecordedResource]>([])

    var resources: [RecordedResource] { list.withLock { $0 } }

    func add(_ resource: RecordedResource) { list.withLock { $0.append(resource) } }
}
