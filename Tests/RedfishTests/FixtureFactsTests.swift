import Core
import Foundation
import Redfish
import TestServer
import Testing

/// What must be understood of each service under `fixtures/`, as the page there says.
@Suite("A machine of the fixtures", .timeLimit(.minutes(5)))
struct FixtureFactsTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let folder: String
        let system: String
        let make: String?
        let model: String?
        let serial: String?
        let processors: Int?
        let cores: Int?
        let memory: Double?
        let power: PowerState
        let health: Health

        var testDescription: String { "\(folder) \(system)" }

        init(
            _ folder: String, _ system: String, _ make: String?, _ model: String?,
            _ serial: String?, _ processors: Int?, _ cores: Int?, _ memory: Double?,
            _ power: PowerState, _ health: Health = .ok
        ) {
            self.folder = folder
            self.system = system
            self.make = make
            self.model = model
            self.serial = serial
            self.processors = processors
            self.cores = cores
            self.memory = memory
            self.power = power
            self.health = health
        }
    }

    private static let embedded = "System.Embedded.1"

    static let rows = [
        Row("ailing-server", "1", "Rackpool", "Ailing 2U", "RPAIL0001", 1, 32, 96, .on, .critical),
        Row(
            "ailing-server-older-schemas", "1", "Rackpool", "Ailing 2U (older schemas)",
            "RPAIO0001", 1, 32, 96, .on, .critical),
        Row("ami-megarac-style", "Self", "ASRockRack", "1U2N-RP", "RPAMI0001", 1, 16, 128, .off),
        Row(
            "idrac10-style", embedded, "Dell Inc.", "PowerEdge R670", "RPCNXDEL0001", 2, 192, 256,
            .off),
        Row(
            "idrac9-r640-style", embedded, "Dell Inc.", "PowerEdge R640", "RPCNDEL0001", 2, 32,
            192, .on),
        Row(
            "ilo5-dl360-style", "1", "HPE", "ProLiant DL360 Gen10", "RPHPE0001", 2, 32, 128, .on),
        Row(
            "lenovo-xcc-style", "1", "Lenovo", "ThinkSystem SR630 V2", "RPLEN0001", 1, 16, 64, .on),
        Row("openbmc-romulus-style", "system", nil, nil, nil, 2, nil, nil, .off),
        Row("pre-1.0-links-style", "1", "Old Iron", "OI-2000 G9", "RPOLD0001", 2, 16, 32, .on),
        Row("rack-server", "1", "Rackpool", "Simulated 1U", "RPSIM0000001", 2, 64, 512, .off),
        Row(
            "supermicro-x11-style", "1", "Supermicro", "Super Server", "RPSMXIC0001", 2, 24, 96, .on
        ),
        Row(
            "supermicro-x12-style", "1", "Supermicro", "SYS-620C-TN12R", "RPSMXII0001", 2, 56, 256,
            .on),
        Row("two-node-tray-style", "Node0", "Rackpool", "Tray Node", "RPTRN0001", 2, 128, 512, .on),
        Row("two-node-tray-style", "Node1", "Rackpool", "Tray Node", "RPTRN0002", 1, 64, 256, .off),
    ]

    @Test("is understood, looked at and inspected", arguments: rows)
    func facts(row: Row) async throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../fixtures/\(row.folder)").standardizedFileURL
        let service = try FakeService(RecordedServices.resources(in: folder))
        defer { service.server.stop() }
        let provider = Rack.provider()
        let device = service.device(system: row.system)
        let facts = try await provider.facts(of: device)
        #expect(facts.manufacturer == row.make)
        #expect(facts.model == row.model)
        #expect(facts.serialNumber == row.serial)
        #expect(facts.processorCount == row.processors)
        #expect(facts.coreCount == row.cores)
        #expect(facts.memoryGiB == row.memory)
        let observation = try await provider.observe(device)
        #expect(observation.power == row.power)
        #expect(observation.health == row.health)
        #expect(try await provider.examine(device).health == row.health)
        let inspection = try await provider.inspect(device)
        #expect(inspection.isUsable)
        #expect(inspection.systems.map(\.facts) == [facts])
        await provider.shutdown()
    }
}
