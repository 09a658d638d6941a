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

    private static let empty: [JSON] = [
        ["Members": [], "Members@odata.count": 2], ["Name": "Memory"],
        ["Members": [SickMachine.link("/m/1"), nil]],
        ["Members": [SickMachine.link("/m/1"), nil], "Members@odata.count": 2],
    ]

    @Test("is no ok where a collection does not bring its members", arguments: empty)
    func emptyCollections(collection: JSON) async throws {
        var resources = Self.modules
        resources["/m"] = collection
        resources["/m/1"] = ["Id": "A1", "Status": ["Health": "OK"]]
        let (report, _) = try await look(resources) { _, _ in nil }
        #expect(report.findings == [])
        #expect(report.unread.map(\.what) == ["/m"])
        for none in [["Members": []], ["Members": [], "Members@odata.count": 0]] as [JSON] {
            resources["/m"] = none
            #expect(try await look(resources) { _, _ in nil }.report.health == .ok)
        }
    }

    @Test(
        "is no ok where a success brings an error in the resource's place",
        arguments: ["Base.1.8.InternalError", "Base.1.8.ServiceTemporarilyUnavailable"])
    func errorAlone(message: String) async throws {
        for path in ["/m", "/m/1", SickMachine.chassis] {
            let (report, _) = try await look(Self.modules) { request, _ in
                request.path == path ? .refusal(status: 200, message, "Not now.") : nil
            }
            #expect(report.health != .ok)
            #expect(report.unread.contains { $0.what == path && $0.why.contains("Not now.") })
        }
    }

    @Test("is no ok where fewer parts come than are counted")
    func fewerParts() async throws {
        let resources = SickMachine.resources(
            system: ["Storage": SickMachine.link("/s")],
            chassis: ["Thermal": SickMachine.link("/t"), "Power": SickMachine.link("/w")],
            [
                "/s": SickMachine.collection(["/s/1"]),
                "/s/1": ["Id": "1", "Drives": [SickMachine.link("/d")], "Drives@odata.count": 8],
                "/d": ["Id": "1", "Status": ["Health": "OK"]],
                "/t": ["Fans": [["Name": "Fan 1"]], "Fans@odata.count": 6],
                "/w": ["PowerSupplies": [nil, ["Name": "PSU 1"]], "PowerSupplies@odata.count": 2],
            ])
        let (report, _) = try await look(resources) { _, _ in nil }
        #expect(
            Set(report.unread.map { "\($0.what): \($0.why)" }) == [
                "Drives of /s/1: of 8 just 1 came", "Fans of /t: of 6 just 1 came",
                "PowerSupplies of /w: of 2 just 1 came",
            ])
    }

    private static let expansions: [JSON] = [
        [["@odata.id": "/m/1", "Id": "A1", "Name": "x", "Status": ["Health": "OK"]], nil, nil],
        [["@odata.id": "/m/1", "Id": "A1", "Name": "x", "Status": ["Health": "OK"]]],
        [
            ["@odata.id": "/m/1", "Id": "A1", "Name": "x", "Status": ["State": "Enabled"]],
            ["@odata.id": "/m/2", "Id": "A2", "Name": "x", "Status": ["Health": nil]],
            ["@odata.id": "/m/5", "Id": "A5", "Name": "x", "Status": nil],
        ],
    ]

    @Test("reads one by one what $expand leaves out or brings as nothing", arguments: expansions)
    func expansion(members: JSON) async throws {
        var resources = Self.modules
        resources["/redfish/v1"] = resources["/redfish/v1"]?.setting([
            "ProtocolFeaturesSupported": ["ExpandQuery": ["NoLinks": true]]
        ])
        resources["/m?$expand=."] = ["Members": members, "Members@odata.count": 3]
        let (report, _) = try await look(resources) { _, _ in nil }
        #expect(report.reasons == [1, 2, 5].map { "DIMM A\($0): Critical" })
        #expect(report.unread == [])
    }

    @Test("says which kinds of parts it did not ask for")
    func unasked() async throws {
        let resources = SickMachine.resources(
            system: ["PCIeDevices": [SickMachine.link("/g")]],
            chassis: ["NetworkAdapters": SickMachine.link("/n")],
            [
                "/g": ["Id": "1", "Status": ["Health": "Critical"]],
                "/n": SickMachine.collection(["/n/1"]),
                "/n/1": ["Id": "1", "Name": "NIC", "Status": ["Health": "Critical"]],
            ])
        let (report, _) = try await look(resources) { _, _ in nil }
        #expect(report.skipped.map(\.what) == ["PCIe devices, network adapters"])
        #expect(report.health == .ok)
        var ill = resources
        ill[Rack.system] = ill[Rack.system]?.setting(["Status": ["HealthRollup": "Critical"]])
        let (found, _) = try await look(ill) { _, _ in nil }
        #expect(found.skipped == [])
        #expect(found.findings.count == 2)
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
