import Core
import Foundation
import HTTPClient
import Redfish
import TestServer
import Testing

@Suite("A deep look at what can't be read", .timeLimit(.minutes(5)))
struct UnreadPartTests {
    private func look(
        _ resources: [String: JSON], request: Duration = .seconds(30),
        intercept: @escaping @Sendable (TestRequest, FakeService.Store) -> TestReply?
    ) async throws -> (report: HealthReport, lines: [String]) {
        let service = try FakeService(resources, intercept: intercept)
        defer { service.server.stop() }
        // By a clock on which a starved machine takes no time.
        let provider = RedfishProvider(
            http: HTTPClient(), logger: Rack.silent,
            timeouts: RedfishTimeouts(request: request, patience: .zero), time: QuickTime())
        return (try await provider.examine(service.device()), service.lines())
    }

    private static let silent = (1...2).map { "/m/\($0)" }

    private static var modules: [String: JSON] {
        var others = ["/m": SickMachine.collection(silent + ["/m/5"])]
        for path in silent + ["/m/5"] {
            others[path] = ["Id": .string("A\(path.suffix(1))"), "Status": ["Health": "Critical"]]
        }
        return SickMachine.resources(system: ["Memory": SickMachine.link("/m")], others)
    }

    @Test("leaves what never answers, goes on, and does not ask for it again")
    func silentLinks() async throws {
        let (report, lines) = try await look(Self.modules, request: .seconds(2)) {
            request, _ in Self.silent.contains(request.path) ? .hold : nil
        }
        #expect(report.reasons == ["DIMM A5: Critical"])
        #expect(!report.unread.isEmpty)
        // The connection had carried others: a fresh one would tell no more.
        for path in Self.silent {
            #expect(lines.filter { $0 == "GET \(path)" }.count == 1)
        }
    }

    @Test("ends where the BMC itself is silent, after one question more")
    func silentBMC() async throws {
        let (report, lines) = try await look(Self.modules, request: .seconds(2)) {
            request, store in
            if request.path == Self.silent[0] { store["/silent"] = [:] }
            return store["/silent"] == nil ? nil : .hold
        }
        #expect(report.unread.contains { $0.why == "the BMC no longer answers" })
        #expect(!lines.contains("GET \(Self.silent[1])"))
        #expect(report.health == .warning)
    }

    @Test(
        "is no ok where something critical may be unread",
        arguments: [(500, true), (503, true), (403, true), (400, true), (404, false), (501, false)])
    func unread(status: Int, mayHideFaults: Bool) async throws {
        let (report, _) = try await look(Self.modules) { request, _ in
            request.path.hasPrefix("/m/") ? .answer(status) : nil
        }
        #expect(report.findings == [])
        #expect(report.health == (mayHideFaults ? .warning : .ok))
        #expect(report.unread.isEmpty != mayHideFaults)
        #expect(!report.skipped.isEmpty)
    }

    // MARK: Pages

    private static func pages(_ key: String) -> [String: JSON] {
        var resources = modules
        resources["/m"] = [
            "Members": [SickMachine.link("/m/1")], .init(key): "/m?page=2",
            "Members@odata.count": 2,
        ]
        resources["/m?page=2"] = ["Members": [SickMachine.link("/m/2")]]
        return resources
    }

    @Test(
        "follows the pages of a collection, however their link is called",
        arguments: ["Members@odata.nextLink", "@odata.nextLink", "Members@odata.nextlink"])
    func pages(key: String) async throws {
        let (report, _) = try await look(Self.pages(key)) { _, _ in nil }
        #expect(report.reasons == ["DIMM A1: Critical", "DIMM A2: Critical"])
        #expect(report.unread == [])
    }

    @Test("says how many members of a collection did not come")
    func missingMembers() async throws {
        var resources = Self.modules
        resources["/m"] = resources["/m"]?.setting(["Members@odata.count": 8])
        let (report, _) = try await look(resources) { _, _ in nil }
        #expect(report.unread.map(\.why) == ["of its 8 members just 3 came"])
    }

    @Test("never reads what restarts a BMC")
    func dangerous() async throws {
        let shelf = "/redfish/v1/Chassis/Enclosure.Internal.0-1:RAID.Integrated.1-1"
        var resources = SickMachine.resources(system: [
            "Links": ["Chassis": [SickMachine.link(SickMachine.chassis), SickMachine.link(shelf)]]
        ])
        resources["/redfish/v1/Chassis"] = SickMachine.collection([SickMachine.chassis, shelf])
        let (report, lines) = try await look(resources) { _, _ in nil }
        #expect(!lines.contains { $0.contains("RAID") })
        #expect(report.skipped.contains { $0.what == shelf && $0.why.contains("restarts") })
        #expect(report.health == .ok)
    }
}
