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
        let outcome: Result<HealthReport, ProviderError>
        do throws(ProviderError) {
            outcome = .success(try await provider.examine(device))
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
}
