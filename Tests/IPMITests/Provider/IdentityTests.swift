import Core
import Locking
import Testing

@testable import IPMI
@testable import IPMIWire

@Suite struct IPMIIdentityTests {
    private static let uuid = "00112233-4455-4677-8899-aabbccddeeff"

    private func rig(
        product: String? = "PROD123", chassis: String? = "CHAS456",
        _ change: (inout ScriptedBMC.State) -> Void = { _ in }
    ) -> ProviderRig {
        let rig = ProviderRig { state in
            state.guid = bytes("33221100 5544 7746 8899 aabbccddeeff")
            change(&state)
        }
        let inventory = FRUInventory(
            chassis: FRUChassis(type: 0x17, partNumber: nil, serialNumber: chassis),
            board: FRUBoard(minutesSince1996: 0, manufacturer: "Acme", serialNumber: "BOARD789"),
            product: FRUProduct(manufacturer: "Acme", name: "A1", serialNumber: product))
        rig.bmc.hardware.change { $0.inventories = [0: inventory.bytes] }
        return rig
    }

    @Test("every look tells the system's UUID and the product's serial number")
    func told() async throws {
        let rig = rig()
        for _ in 0..<3 {
            #expect(
                try await rig.provider.observe(rig.device).identity
                    == SystemIdentity(uuid: Self.uuid, serialNumber: "PROD123"))
        }
    }

    @Test(
        "the chassis' serial number stands in for one that is missing or a placeholder, the board's never"
    )
    func serialNumbers() async throws {
        for product in [nil, "", "  ", "To be filled by O.E.M.", "0000000000"] {
            let rig = rig(product: product)
            #expect(try await rig.provider.observe(rig.device).identity.serialNumber == "CHAS456")
        }
        let blank = rig(product: nil, chassis: nil)
        #expect(try await blank.provider.observe(blank.device).identity.serialNumber == nil)
    }

    @Test("it is read once a session, and again in another one")
    func onceASession() async throws {
        let rig = rig()
        for _ in 0..<3 { _ = try await rig.provider.observe(rig.device) }
        let reads = rig.bmc.hardware.count(GetFRUInventoryAreaInfo.self)
        #expect(rig.bmc.log.count { $0 == GetSystemGUID.name } == 1 && reads == 1)
        // Another machine was put in place.
        rig.bmc.state.withLock { state in
            state.session = 2
            state.guid = Array(repeating: 0x41, count: 15) + [0x42]
        }
        let swapped = try await rig.provider.observe(rig.device).identity
        #expect(swapped.uuid != Self.uuid && swapped.uuid != nil)
        #expect(rig.bmc.log.count { $0 == GetSystemGUID.name } == 2)
        await rig.provider.forget(rig.device)
        _ = try await rig.provider.observe(rig.device)
        #expect(rig.bmc.log.count { $0 == GetSystemGUID.name } == 3)
    }

    @Test("what a BMC lacks is lacking, and is not asked for again")
    func lacking() async throws {
        let rig = ProviderRig()
        for _ in 0..<3 {
            #expect(try await rig.provider.observe(rig.device).identity.isEmpty)
        }
        #expect(rig.bmc.log.count { $0 == GetSystemGUID.name } == 1)
    }

    @Test("a serial number in an area whose checksum is wrong is none")
    func damaged() async throws {
        let rig = rig(chassis: nil)
        rig.bmc.hardware.change { contents in
            // A letter of the product's serial number.
            let serial = Array("PROD123".utf8)
            guard var inventory = contents.inventories[0],
                let place = inventory.indices.first(where: {
                    inventory[$0...].starts(with: serial)
                })
            else { return }
            inventory[place] ^= 0x01
            contents.inventories[0] = inventory
        }
        let identity = try await rig.provider.observe(rig.device).identity
        #expect(identity == SystemIdentity(uuid: Self.uuid))
    }

    @Test("a BMC that is busy is asked again at the next look, not for ever")
    func busy() async throws {
        let rig = rig { $0.faults[GetSystemGUID.name] = [.refuse(.nodeBusy)] }
        #expect(try await rig.provider.observe(rig.device).identity.uuid == nil)
        #expect(try await rig.provider.observe(rig.device).identity.uuid == Self.uuid)
        let stubborn = self.rig {
            $0.faults[GetSystemGUID.name] = Array(repeating: .refuse(.nodeBusy), count: 99)
        }
        for _ in 0..<9 { _ = try await stubborn.provider.observe(stubborn.device) }
        #expect(stubborn.bmc.log.count { $0 == GetSystemGUID.name } == 3)
    }

    @Test("silence to it spoils no look")
    func silence() async throws {
        let rig = rig { $0.faults[GetSystemGUID.name] = [.silence(acts: false)] }
        let observation = try await rig.provider.observe(rig.device)
        #expect(observation.health == .ok && observation.identity.isEmpty)
    }
}
