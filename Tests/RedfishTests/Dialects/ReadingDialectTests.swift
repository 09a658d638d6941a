import Core
import Redfish
import Simulator
import TestServer
import Testing

@Suite("What is read though it is not as it should be", .timeLimit(.minutes(5)))
struct ReadingDialectTests {
    @Test("is JSON that is not quite JSON, of which an inspection tells")
    func sloppy() async throws {
        try await DialectRig.run([.sloppyJSON]) { rig in
            #expect(try await rig.provider.observe(rig.device).power == .off)
            try await rig.provider.setBoot(BootOverride(target: .pxe), of: rig.device)
            try await rig.provider.setPower(.on, of: rig.device)
            #expect(rig.system.bootsFrom == ["Pxe"])
            let inspection = try await rig.provider.inspect(rig.device)
            #expect(inspection.isUsable)
            #expect(inspection.quirks.contains { $0.hasPrefix("writes what is not quite JSON: ") })
        }
    }

    @Test("are members that come without their status: they are read on their own")
    func thinExpand() async throws {
        try await DialectRig.run([.thinExpand]) { rig in
            let path = "/redfish/v1/Chassis/1/PowerSubsystem/PowerSupplies/2"
            try rig.rack.bmcs[0].change(path, merging: ["Status": ["Health": "Critical"]])
            let report = try await rig.provider.examine(rig.device)
            #expect(report.health == .critical)
        }
    }

    @Test("is a service whose root links to nothing: it is where the standard puts it")
    func bareRoot() async throws {
        try await DialectRig.run([.bareRoot]) { rig in
            #expect(try await rig.provider.observe(rig.device).power == .off)
            try await rig.provider.setPower(.on, of: rig.device)
            #expect(try await rig.provider.inspect(rig.device).isUsable)
        }
    }

    @Test(
        "is memory that was counted in decimal units",
        arguments: [
            (476.84, 512.0), (119.21, 128), (59.6, 64), (953.67, 1024), (512, 512), (96, 96),
            (31.5, 31.5), (15.9, 15.9), (1.5, 1.5),
        ])
    func decimalMemory(shown: Double, expected: Double) async throws {
        let service = try FakeService(
            Rack.oneSystem(["MemorySummary": ["TotalSystemMemoryGiB": .real(shown)]]))
        defer { service.server.stop() }
        #expect(try await Rack.provider().facts(of: service.device()).memoryGiB == expected)
    }
}

@Suite("Whose machine it is", .timeLimit(.minutes(5)))
struct IdentityTests {
    private func identity(_ members: JSONObject) async throws -> SystemIdentity {
        let service = try FakeService(Rack.oneSystem(members))
        defer { service.server.stop() }
        let provider = Rack.provider()
        let first = try await provider.observe(service.device()).identity
        let requests = service.lines().count
        #expect(try await provider.observe(service.device()).identity == first)
        #expect(service.lines().count == requests + 1, "no request more than before")
        let facts = try await provider.facts(of: service.device())
        #expect(facts.uuid == first.uuid)
        #expect(facts.serialNumber == first.serialNumber)
        #expect(facts.serviceTag == first.serviceTag)
        return first
    }

    @Test("is told by each look: UUID, serial number, and Dell's service tag")
    func dell() async throws {
        let uuid = "4C4C4544-0031-5710-8056-B4C04F4D3332"
        let members: JSONObject = [
            "UUID": .string(uuid), "SerialNumber": " CNXX0001 ", "SKU": "1AB2CD3",
            "Manufacturer": "Dell Inc.",
        ]
        let found = try await identity(members)
        #expect(found.uuid == uuid.lowercased())
        #expect(found.serialNumber == "CNXX0001")
        #expect(found.serviceTag == "1AB2CD3")
        #expect(found.displayed == "service tag 1AB2CD3")
    }

    @Test("is not told by the product number that others write there")
    func others() async throws {
        let others: [JSONObject] = [
            ["Manufacturer": "HPE", "SKU": "P18604-B21"],
            ["Manufacturer": "Lenovo", "SKU": "7X06CTO1WW"], ["SKU": "1AB2CD3"],
            ["Manufacturer": "Dell EMC", "SKU": "SKU=0A2F;ModelName=PowerEdge"],
        ]
        for members in others { #expect(try await identity(members).serviceTag == nil) }
    }

    @Test("is not told by placeholders")
    func placeholders() async throws {
        try await DialectRig.run([.placeholders]) { rig in
            #expect(try await rig.provider.observe(rig.device).identity.isEmpty)
            let facts = try await rig.provider.facts(of: rig.device)
            #expect(facts.uuid == nil)
            #expect(facts.serialNumber?.contains("filled") != true)
        }
    }
}
