import Core
import Foundation
import Redfish
import TestServer
import Testing

/// Recordings that were not seen when the code was written. `RACKPOOL_CORPUS` names a folder of
/// folders, each of which holds a service's resources in the DMTF mockup layout.
enum Corpus {
    static let path = ProcessInfo.processInfo.environment["RACKPOOL_CORPUS"]

    /// The services' roots.
    static var machines: [URL] {
        guard let path else { return [] }
        let root = URL(fileURLWithPath: path).resolvingSymlinksInPath()
        let found = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String }
        return (found ?? []).filter { $0.hasSuffix("/index.json") }
            .map { root.appendingPathComponent($0) }
            .filter { file in
                guard let json = try? JSON(parsing: Data(contentsOf: file)) else { return false }
                let systems = json["Systems"] ?? json["links"]?["Systems"]
                return json["RedfishVersion"] != nil && systems != nil
            }
            .map { $0.deletingLastPathComponent() }.sorted { $0.path < $1.path }
    }
}

@Suite(
    "A machine of the corpus", .timeLimit(.minutes(10)),
    .enabled(if: Corpus.path != nil, "SKIPPED: RACKPOOL_CORPUS names no folder of recordings"))
struct CorpusTests {
    @Test("is understood, looked at and examined", arguments: Corpus.machines)
    func everything(machine: URL) async throws {
        let service = try FakeService(RecordedServices.resources(in: machine))
        defer { service.server.stop() }
        let provider = Rack.provider()
        let inspection: RedfishInspection
        do {
            inspection = try await provider.inspect(service.device())
        } catch {
            Issue.record("\(machine.path): \(error)")
            return
        }
        print("=== \(machine.path)")
        print(inspection.json.encoded(.indented).text)
        for system in inspection.systems {
            let device = service.device(system: system.id)
            let observation = try await provider.observe(device)
            #expect(observation.power == system.power)
            #expect(try await provider.facts(of: device) == system.facts)
            let report = try await provider.examine(device)
            print("--- \(system.path): \(report.health) \(report.requests) requests")
            print(
                "    \(report.examined.map { "\($0.kind) \($0.number)" }.joined(separator: ", "))")
            for reason in report.reasons { print("    ! \(reason)") }
            for skip in report.skipped { print("    - \(skip.what): \(skip.why)") }
        }
    }
}

extension [UInt8] {
    fileprivate var text: String { String(decoding: self, as: UTF8.self) }
}
