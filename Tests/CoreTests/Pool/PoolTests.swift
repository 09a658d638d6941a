import Core
import Testing

@testable import TestSupport

@Suite struct PoolTests {
    @Test("a claim that can't be stored is an error and leaves the device free")
    func storeFails() async throws {
        let store = MemoryStore()
        let pool = try await Pool(inventory: Rig.devices(1), store: store)
        store.fail(with: .failed("disk full"))
        await #expect(throws: StoreError.failed("disk full")) {
            _ = try await pool.claim(.group("g"), SpecProperties())
        }
        #expect(await pool.described(with: [:]).isEmpty)
        store.fail(with: nil)
        _ = try await pool.claim(.group("g"), SpecProperties())
    }

    @Test("concurrent changes of one claim all count")
    func sameRecord() async throws {
        let store = MemoryStore()
        let pool = try await Pool(inventory: Rig.devices(1), store: store)
        let id = try await pool.claim(.group("g"), SpecProperties()).claim.id
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<50 {
                group.addTask {
                    try await pool.update(id) { $0.claim.spec.tags["t\(number)"] = "x" }
                }
            }
            try await group.waitForAll()
        }
        #expect(await pool.instance(id)?.claim.spec.tags.count == 51)
        #expect(store.records[.device("d01")]?.claim?.spec.tags.count == 51)
    }

    @Test("a describe gives instances in the order of active, and all tags must match")
    func describe() async throws {
        let pool = try await Pool(inventory: Rig.devices(4), store: MemoryStore())
        var ids: [String] = []
        for group in ["g", "g", "h", "g"] {
            ids.append(
                try await pool.claim(.group(group, ["Note": "x"]), SpecProperties()).claim.id)
        }
        #expect(await pool.described(with: [:]).map(\.id) == ids)
        #expect(
            await pool.described(with: ["infrakit.group": "g"]).map(\.id) == [
                ids[0], ids[1], ids[3],
            ])
        try await pool.update(ids[3]) { $0.claim.spec.tags["tier"] = "web" }
        let both = await pool.described(with: ["infrakit.group": "g", "tier": "web"])
        #expect(both.map(\.id) == [ids[3]])
        #expect(
            both.first.map { String(decoding: $0.full, as: UTF8.self) }
                == #"{"ID":"\#(ids[3])","LogicalID":null,"Tags":{"infrakit.group":"g","tier":"web"},"Properties":{"Note":"x"}}"#
        )
        #expect(await pool.described(with: ["tier": "db"]).isEmpty)
    }

    @Test("a device that left the inventory keeps its claim")
    func dropped() async throws {
        let store = MemoryStore()
        let pool = try await Pool(inventory: Rig.devices(2), store: store)
        let id = try await pool.claim(.group("g"), SpecProperties()).claim.id
        let later = try await Pool(
            inventory: Rig.devices(2).filter { $0.name != "d01" }, store: store)
        #expect(await later.described(with: [:]).map(\.id) == [id])
        #expect(await later.status(of: "d01")?.isListed == false)
    }

    @Test("a logical ID in a description is the spec's, else the hostname, else null")
    func logicalID() async throws {
        let devices = [
            Device(name: "a", bmc: "x://1", hostname: "a.example"),
            Device(name: "b", bmc: "x://2", hostname: "b.example"),
            Device(name: "c", bmc: "x://3"),
        ]
        let pool = try await Pool(inventory: devices, store: MemoryStore())
        for logicalID in [nil, "db1", nil] {
            _ = try await pool.claim(.group("g", logicalID: logicalID), SpecProperties())
        }
        #expect(await pool.described(with: [:]).map(\.logicalID) == ["a.example", "db1", nil])
    }
}
