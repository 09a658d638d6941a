import Foundation
import Testing

@testable import Core
@testable import TestSupport

@Suite struct PlacementTests {
    private func table(_ count: Int) -> PoolTable {
        PoolTable(inventory: Rig.devices(count), stored: [])
    }

    private func reserve(
        _ table: inout PoolTable, _ properties: JSON = .null, group: String = "g",
        logicalID: String? = nil
    ) throws -> String {
        try table.reserve(
            .group(group, properties, logicalID: logicalID),
            SpecProperties(parsing: properties), excluding: []
        ).name
    }

    private func look(_ power: PowerState = .off, _ health: Health = .ok) -> Observation {
        Observation(power: power, health: health, date: Date())
    }

    @Test("devices are claimed in the order of the inventory, each once")
    func order() throws {
        var table = table(3)
        #expect(try [reserve(&table), reserve(&table), reserve(&table)] == ["d01", "d02", "d03"])
        #expect(throws: PlacementError.noDevice(total: 3, reasons: ["3 claimed"])) {
            try reserve(&table)
        }
    }

    @Test("a released device goes to the end of available")
    func released() throws {
        var table = table(3)
        table.apply(DeviceRecord(key: .device("d01"), revision: 1, releaseOrder: 1))
        #expect(try [reserve(&table), reserve(&table), reserve(&table)] == ["d02", "d03", "d01"])
    }

    @Test("a selector picks by labels, and a refusal counts what is lacking")
    func selector() throws {
        var table = table(12)
        #expect(try reserve(&table, ["Selector": ["rack": "r2"]]) == "d11")
        #expect(try reserve(&table, ["Rack": "r2"]) == "d12")
        #expect(
            throws: PlacementError.noDevice(total: 12, reasons: ["2 claimed", "10 lacks rack=r2"])
        ) {
            try reserve(&table, ["Rack": "r2"])
        }
    }

    @Test("sick, cordoned and foreign devices are not claimed, and a refusal says so")
    func unfit() throws {
        var table = table(4)
        table.note(look(.off, .critical), of: .device("d01"))
        table.note(look(.on), of: .device("d02"))
        table.apply(
            DeviceRecord(key: .device("d03"), revision: 1, cordon: Cordon(since: Date())))
        #expect(try reserve(&table) == "d04")
        #expect {
            try reserve(&table)
        } throws: { error in
            "\(error)"
                == "no device to claim: 4 devices: 1 claimed, 1 cordoned, 1 in bad health (d01),"
                + " 1 running something else (see PowerOff)"
        }
        #expect(try reserve(&table, ["PowerOff": true]) == "d02")
        table.note(look(.off, .ok), of: .device("d01"))
        #expect(try reserve(&table) == "d01")
    }

    @Test("what a machine is made of decides, and one not looked at yet comes last")
    func requirement() throws {
        var table = table(4)
        table.note(Facts(coreCount: 8), areLasting: true, of: .device("d02"))
        table.note(Facts(coreCount: 64), areLasting: true, of: .device("d03"))
        let spec: JSON = ["Require": ["MinCores": 32]]
        #expect(
            try [reserve(&table, spec), reserve(&table, spec), reserve(&table, spec)] == [
                "d03", "d01", "d04",
            ])
        #expect {
            try reserve(&table, spec)
        } throws: { error in
            "\(error)".hasSuffix("3 claimed, 1 has 8 cores, MinCores is 32")
        }
    }

    @Test("a group is spread evenly over the values of a label")
    func spread() throws {
        var table = table(30)
        let names = try (0..<6).map { _ in try reserve(&table, ["Spread": "rack"]) }
        #expect(names == ["d01", "d11", "d21", "d02", "d12", "d22"])
        #expect(try reserve(&table, ["Spread": "rack"], group: "other") == "d03")
    }

    @Test("a logical ID prefers the device of that name, then of that hostname, then its last one")
    func logicalID() throws {
        var devices = Rig.devices(4)
        devices.append(Device(name: "x", provider: "fake", bmc: "fake://x", hostname: "db1"))
        var table = PoolTable(
            inventory: devices,
            stored: [
                DeviceRecord(
                    key: .device("d03"), revision: 1,
                    lastCarrier: LastCarrier(
                        key: LogicalIDKey(logicalID: "db2", group: "g"), sequence: 3))
            ])
        #expect(try reserve(&table, logicalID: "d02") == "d02")
        #expect(try reserve(&table, logicalID: "db1") == "x")
        #expect(try reserve(&table, logicalID: "db2") == "d03")
        #expect(try reserve(&table, logicalID: "new") == "d01")
    }

    @Test("a logical ID that is described is not given twice in one group")
    func logicalIDTwice() throws {
        var table = table(3)
        func claim(_ id: String, group: String) -> Claim {
            Claim(
                id: id, spec: .group(group, logicalID: "db1"), state: .running, claimedAt: nil,
                order: 0)
        }
        table.apply(DeviceRecord(key: .device("d01"), revision: 1, claim: claim("i1", group: "g")))
        #expect(
            throws: PlacementError.logicalIDInUse(
                LogicalIDKey(logicalID: "db1", group: "g"), instance: "i1")
        ) {
            try reserve(&table, logicalID: "db1")
        }
        #expect(try reserve(&table, group: "h", logicalID: "db1") == "d02")
    }

    @Test("claims and releases without end leave no rest in the indexes")
    func churn() throws {
        var table = table(12)
        for round in 1...2000 {
            let name = try reserve(&table, round % 2 == 0 ? ["Rack": "r1"] : .null)
            table.releaseReservation(of: name)
            table.apply(
                DeviceRecord(
                    key: .device(name), revision: UInt64(round), releaseOrder: Int64(round)))
        }
        let rest = try (0..<12).map { _ in try reserve(&table) }
        #expect(Set(rest).count == 12)
        #expect(throws: PlacementError.noDevice(total: 12, reasons: ["12 claimed"])) {
            try reserve(&table)
        }
    }
}
