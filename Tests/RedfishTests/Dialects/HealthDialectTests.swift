import Core
import Foundation
import HTTPClient
import Logging
import Redfish
import Simulator
import Testing

@Suite("A BMC that tells wrong things of its parts", .timeLimit(.minutes(5)))
struct HealthDialectTests {
    private func report(_ fixture: String, _ dialects: Set<Dialect>) async throws -> HealthReport {
        try await look(fixture, dialects).report
    }

    private func look(
        _ fixture: String, _ dialects: Set<Dialect>
    ) async throws -> (report: HealthReport, facts: Facts) {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../fixtures/\(fixture)").standardizedFileURL
        var configuration = RackConfiguration(count: 1)
        configuration.fixtures = [try Fixture(folder: folder.path)]
        configuration.dialects = dialects
        let rack = try SimulatedRack(configuration)
        try await rack.start()
        let provider = RedfishProvider(
            http: HTTPClient(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let device = rack.devices()[0]
        let outcome: Result<(HealthReport, Facts), ProviderError>
        do throws(ProviderError) {
            let report = try await provider.examine(device)
            outcome = .success((report, try await provider.facts(of: device)))
        } catch {
            outcome = .failure(error)
        }
        await provider.shutdown()
        await rack.shutdown()
        return try outcome.get()
    }

    @Test("is not called sick for limits that can't be meant")
    func thresholds() async throws {
        let fixture = "idrac9-r640-style"
        #expect(try await report(fixture, []).reasons == [])
        #expect(try await report(fixture, [.oddThresholds]).reasons == [])
    }

    @Test("has its log read by its own clock, even if that is at 1970")
    func clock() async throws {
        let report = try await report("ailing-server", [.unsetClock])
        #expect(report.reasons.contains { $0.hasPrefix("SEL 1970-01-01T00:05:00Z: Critical: ") })
        #expect(report.skipped.contains { $0.why.hasSuffix("clock says 1970-01-01T00:10:00Z") })
    }

    @Test("is read one by one if it offers $expand in vain")
    func expand() async throws {
        let fixture = "ailing-server-older-schemas"
        let plain = try await report(fixture, [])
        let other = try await report(fixture, [.emptyExpand])
        #expect(other.reasons == plain.reasons)
        #expect(other.skipped.contains { $0.what == "$expand" })
    }

    @Test("has its pages followed where their link has an unusual name")
    func pages() async throws {
        let plain = try await report("ailing-server", [])
        let other = try await report("ailing-server", [.bareNextLink])
        #expect(Set(other.reasons) == Set(plain.reasons))
        #expect(other.unread == [])
    }

    @Test("is said to be unread where its log has more entries than came")
    func missingEntries() async throws {
        let report = try await report("ailing-server", [.missingEntries])
        #expect(report.unread.contains { $0.why.contains("entries just 1 were read") })
    }

    @Test("is looked at in the chassis that names it, which is what it is called by too")
    func board() async throws {
        let plain = try await look("ailing-server", [])
        let other = try await look("ailing-server", [.namesBoardOnly])
        #expect(Set(other.report.reasons) == Set(plain.report.reasons))
        #expect(other.facts.serialNumber != "BOARD0001")
        #expect(other.facts.manufacturer == plain.facts.manufacturer)
    }
}
