import Core
import StateFile
import Testing

@testable import TestSupport

/// A pool whose records are in a file.
@Suite struct PoolStoreTests {
    @Test("500 claims at once get 500 devices, and one more gets one clear error")
    func concurrent() async throws {
        let folder = try TemporaryFolder()
        let pool = try await Pool(
            inventory: Rig.devices(500), store: FileStore(path: folder.path + "/state.json"))
        let names = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<500 {
                group.addTask { try await pool.claim(.group("g"), SpecProperties()).device.name }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(names).count == 500)
        await #expect(throws: PlacementError.noDevice(total: 500, reasons: ["500 claimed"])) {
            _ = try await pool.claim(.group("g"), SpecProperties())
        }
        #expect(await pool.described(with: ["infrakit.group": "g"]).count == 500)
    }

    @Test("IDs are not used again after a release or a restart")
    func sequence() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/state.json"
        var ids: [String] = []
        for _ in 0..<3 {
            let store = try FileStore(path: path)
            let pool = try await Pool(inventory: Rig.devices(1), store: store)
            let id = try await pool.claim(.group("g"), SpecProperties()).claim.id
            try await pool.release(id, because: "a test says so")
            ids.append(id)
            await store.close()
        }
        #expect(ids == ids.sorted(by: >))
        #expect(Set(ids).count == 3)
    }
}
