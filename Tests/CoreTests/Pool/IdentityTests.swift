import Foundation
import Testing

@testable import Core

/// Which machine stands where.
@Suite("Machines and their identity") struct IdentityTests {
    private static let uuid = "4c4c4544-0042-3510-8052-b4c04f333533"
    private static let swapped = "44454c4c-4200-1035-8052-b4c04f333533"
    private static let other = "deadbeef-0042-3510-8052-b4c04f333534"

    private static func device(_ name: String, _ bmc: String = "A", system: String? = nil) -> Device
    {
        Device(name: name, provider: "fake", bmc: "fake://" + bmc, system: system)
    }

    private func look(
        _ table: inout PoolTable, _ device: Device, _ identity: SystemIdentity,
        _ power: PowerState = .on
    ) -> SeenMachine {
        table.noteAnswer(
            Observation(power: power, health: .ok, date: Date(), identity: identity), of: device,
            at: .zero)
    }

    private func claim(
        _ table: inout PoolTable, _ device: Device, _ identity: SystemIdentity,
        at address: MachineAddress? = nil
    ) {
        let claim = Claim(
            id: "i-\(device.name)", spec: ClaimSpec(), state: .running, claimedAt: nil, order: 0)
        table.apply(
            DeviceRecord(
                key: .device(device.name), revision: 1,
                machine: Machine(address: address ?? device.address, identity: identity),
                claim: claim))
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let title: String
        let claimed: SystemIdentity
        let seen: SystemIdentity
        let isSame: Bool
        var hasMoved = false
        var testDescription: String { title }
    }

    static let cases: [Case] = [
        Case(
            title: "all agrees", claimed: SystemIdentity(uuid: uuid, serialNumber: "S1"),
            seen: SystemIdentity(uuid: uuid, serialNumber: "S1"), isSame: true),
        Case(
            title: "all differs", claimed: SystemIdentity(uuid: uuid, serialNumber: "S1"),
            seen: SystemIdentity(uuid: other, serialNumber: "S2"), isSame: false),
        Case(
            title: "a new board brings a new UUID",
            claimed: SystemIdentity(uuid: uuid, serialNumber: "S1"),
            seen: SystemIdentity(uuid: other, serialNumber: "S1"), isSame: true),
        Case(
            title: "a new board keeps the service tag",
            claimed: SystemIdentity(uuid: uuid, serialNumber: "S1", serviceTag: "TAG1"),
            seen: SystemIdentity(uuid: other, serialNumber: "S2", serviceTag: "TAG1"), isSame: true),
        Case(
            title: "firmware turns the UUID's fields round", claimed: SystemIdentity(uuid: uuid),
            seen: SystemIdentity(uuid: swapped), isSame: true),
        Case(
            title: "letter case says nothing", claimed: SystemIdentity(serialNumber: "abc1"),
            seen: SystemIdentity(serialNumber: "ABC1"), isSame: true),
        Case(
            title: "nothing is known of either", claimed: SystemIdentity(), seen: SystemIdentity(),
            isSame: true),
        Case(
            title: "what was claimed told its UUID alone, what is seen its serial alone",
            claimed: SystemIdentity(uuid: uuid), seen: SystemIdentity(serialNumber: "S1"),
            isSame: true),
        Case(
            title: "placeholders identify nothing",
            claimed: SystemIdentity(uuid: uuid, serialNumber: "To be filled by O.E.M."),
            seen: SystemIdentity(uuid: other, serialNumber: "To be filled by O.E.M."),
            isSame: false),
        Case(
            title: "a BMC that tells nothing any more, in its place",
            claimed: SystemIdentity(uuid: uuid), seen: SystemIdentity(), isSame: true),
        Case(
            title: "a BMC that tells nothing any more, at another address",
            claimed: SystemIdentity(uuid: uuid), seen: SystemIdentity(), isSame: false,
            hasMoved: true),
        Case(
            title: "another address, the same machine", claimed: SystemIdentity(uuid: uuid),
            seen: SystemIdentity(uuid: uuid), isSame: true, hasMoved: true),
    ]

    @Test("is it the machine that was claimed?", arguments: cases)
    func verdict(_ test: Case) {
        let device = Self.device("d")
        var table = PoolTable(inventory: [device], stored: [])
        let before = test.hasMoved ? Self.device("d", "Z").address : device.address
        claim(&table, device, test.claimed, at: before)
        let seen = look(&table, device, test.seen)
        #expect(seen.verdict.isSame == test.isSame)
        #expect((table.entries[.device("d")]?.sighting.mismatch == nil) == test.isSame)
        if test.hasMoved, test.isSame { #expect(seen.learned?.address == device.address) }
    }

    @Test("nodes of one chassis that tell its serial are told apart by what else they tell")
    func neighbours() {
        for isClaimed in [false, true] {
            let (first, second) = (Self.device("a"), Self.device("b"))
            let here = SystemIdentity(uuid: Self.uuid, serialNumber: "CHASSIS")
            let there = SystemIdentity(uuid: Self.other, serialNumber: "CHASSIS")
            var table = PoolTable(inventory: [first, second], stored: [])
            claim(&table, first, here)
            if isClaimed { claim(&table, second, there) } else { _ = look(&table, second, there) }
            let seen = look(&table, first, here)
            #expect(seen.verdict == .same)
            // They change places.
            #expect(!look(&table, first, there).verdict.isSame)
            // After a restart, before anybody looks at the other place.
            guard let learned = seen.learned else {
                #expect(isClaimed == false, "nothing was learned")
                continue
            }
            var later = PoolTable(inventory: [first, second], stored: [])
            claim(&later, first, learned.identity)
            #expect(!look(&later, first, there).verdict.isSame)
        }
    }

    @Test("a BMC that was silent has a while to say for which machine it stands")
    func nameless() {
        let device = Self.device("d")
        var table = PoolTable(inventory: [device], stored: [])
        let identity = SystemIdentity(serialNumber: "S1")
        claim(&table, device, identity)
        func look(_ identity: SystemIdentity, at seconds: Int) -> SeenMachine {
            table.noteAnswer(
                Observation(power: .off, health: .ok, date: Date(), identity: identity),
                of: device, at: .seconds(seconds))
        }
        #expect(look(SystemIdentity(), at: 0).isNameless)
        #expect(table.entries[.device("d")]?.observation == nil)
        #expect(table.entries[.device("d")]?.sighting.lastLook == nil)
        #expect(!look(identity, at: 10).isNameless)
        // It can't have been exchanged.
        #expect(!look(SystemIdentity(), at: 20).isNameless)
        table.noteSilence(of: .device("d"))
        #expect(look(SystemIdentity(), at: 30).isNameless)
        #expect(look(SystemIdentity(), at: 209).isNameless)
        let last = look(SystemIdentity(), at: 211)
        #expect(!last.isNameless && last.verdict == .same)
    }

    @Test("the text names both machines")
    func text() {
        let device = Self.device("d")
        var table = PoolTable(inventory: [device], stored: [])
        claim(&table, device, SystemIdentity(serialNumber: "S1"))
        let seen = look(&table, device, SystemIdentity(serialNumber: "S2"))
        #expect(
            seen.verdict == .other("another machine stands here: serial S2, claimed was serial S1"))
    }

    @Test(
        "is no serial number",
        arguments: ["TBD", "CXXXXXXXXX", "SNXXXXXX", "0x00000000", "0xFFFFFFFF", "Not Provided"])
    func placeholder(text: String) {
        #expect(SystemIdentity(serialNumber: text).isEmpty)
    }

    @Test("is a serial number", arguments: ["0x00A1", "MXQ019020B", "XXL1234X", "CZJ6380XX2"])
    func serial(text: String) {
        #expect(SystemIdentity(serialNumber: text).serialNumber == text)
    }

    private static func uuid(_ number: Int) -> SystemIdentity {
        SystemIdentity(uuid: "4c4c4544-0042-3510-8052-b4c04f33353\(number)")
    }

    @Test("a machine may be exchanged between two looks")
    func exchangedAtOnce() {
        let device = Self.device("d")
        var table = PoolTable(inventory: [device], stored: [])
        claim(&table, device, SystemIdentity(uuid: Self.uuid, serialNumber: "S1"))
        _ = look(&table, device, SystemIdentity(uuid: Self.uuid, serialNumber: "S1"))
        let other = SystemIdentity(uuid: Self.other, serialNumber: "S2")
        for _ in 0..<9 { #expect(!look(&table, device, other).verdict.isSame) }
        #expect(
            look(&table, device, SystemIdentity(uuid: Self.uuid, serialNumber: "S1")).verdict.isSame
        )
    }

    @Test("what is another at each look while the BMC answers identifies nothing")
    func noise() {
        let device = Self.device("d")
        var table = PoolTable(inventory: [device], stored: [])
        claim(&table, device, Self.uuid(0))
        #expect(look(&table, device, Self.uuid(0)).verdict.isSame)
        #expect(!look(&table, device, Self.uuid(1)).verdict.isSame)
        #expect(!look(&table, device, Self.uuid(2)).verdict.isSame)
        let seen = look(&table, device, Self.uuid(3))
        #expect(seen.verdict.isSame)
        #expect(seen.learned?.unreliable == [.uuid])
        #expect(seen.learned?.identity.uuid == nil)
        #expect(look(&table, device, Self.uuid(4)).verdict.isSame)
    }

    @Test("one flicker takes nothing from what the machine is known by")
    func flicker() {
        let device = Self.device("d")
        var table = PoolTable(inventory: [device], stored: [])
        claim(&table, device, Self.uuid(0))
        for number in [0, 1, 1, 0, 1, 0, 0, 2, 0] {
            #expect(look(&table, device, Self.uuid(number)).verdict.isSame == (number == 0))
        }
        table.noteSilence(of: .device("d"))
        #expect(!look(&table, device, Self.uuid(3)).verdict.isSame)
    }

    @Test("a claimed machine that is seen elsewhere, while another stands in its place, is claimed")
    func movedAway() {
        let devices = [Self.device("a", "A"), Self.device("b", "B")]
        var table = PoolTable(inventory: devices, stored: [])
        claim(&table, devices[0], SystemIdentity(serialNumber: "S1"))
        _ = look(&table, devices[0], SystemIdentity(serialNumber: "S1"))
        _ = look(&table, devices[1], SystemIdentity(serialNumber: "S2"))
        _ = look(&table, devices[0], SystemIdentity(serialNumber: "S2"))
        _ = look(&table, devices[1], SystemIdentity(serialNumber: "S1"), .off)
        #expect(table.entries[.device("b")]?.category == .twin)
        #expect(table.status(of: .device("a"))?.whereabouts == "b")
        #expect(throws: PlacementError.self) {
            try table.reserve(ClaimSpec(), SpecProperties(), excluding: [])
        }
    }

    @Test("after a silence it is another machine, and the old one may return")
    func exchanged() {
        let device = Self.device("d")
        var table = PoolTable(inventory: [device], stored: [])
        claim(&table, device, SystemIdentity(uuid: Self.uuid))
        _ = look(&table, device, SystemIdentity(uuid: Self.uuid))
        table.note(Facts(coreCount: 8), areLasting: true, of: .device("d"))
        table.noteSilence(of: .device("d"))
        #expect(!look(&table, device, SystemIdentity(uuid: Self.other)).verdict.isSame)
        #expect(table.entries[.device("d")]?.facts == nil)
        // It stays another one, however often it is looked at.
        #expect(!look(&table, device, SystemIdentity(uuid: Self.other)).verdict.isSame)
        table.noteSilence(of: .device("d"))
        #expect(look(&table, device, SystemIdentity(uuid: Self.uuid)).verdict.isSame)
    }

    @Test("in a chassis one is exchanged while the BMC answers")
    func chassis() {
        let device = Self.device("d", system: "Node1")
        var table = PoolTable(inventory: [device], stored: [])
        claim(&table, device, SystemIdentity(serialNumber: "S1"))
        _ = look(&table, device, SystemIdentity(serialNumber: "S1"))
        #expect(!look(&table, device, SystemIdentity(serialNumber: "S2")).verdict.isSame)
    }

    @Test("one machine under two spellings is found, and neither is claimed")
    func twoSpellings() {
        let devices = [Self.device("a", "127.0.0.1"), Self.device("b", "localhost")]
        var table = PoolTable(inventory: devices, stored: [])
        let identity = SystemIdentity(serialNumber: "S1")
        for device in devices { _ = look(&table, device, identity, .off) }
        #expect(table.entries[.device("a")]?.twin == "b")
        #expect(table.entries[.device("b")]?.twin == "a")
        #expect(throws: PlacementError.self) {
            try table.reserve(ClaimSpec(), SpecProperties(), excluding: [])
        }
        // One is enough.
        table.setInventory([devices[0]])
        #expect(throws: Never.self) {
            try table.reserve(ClaimSpec(), SpecProperties(), excluding: [])
        }
    }

    @Test("one serial on three machines identifies none of them")
    func shared() {
        let devices = ["a", "b", "c"].map { Self.device($0, $0) }
        var table = PoolTable(inventory: devices, stored: [])
        for device in devices { _ = look(&table, device, SystemIdentity(serialNumber: "S1")) }
        #expect(table.entries.values.allSatisfy { $0.twin == nil })
    }

    @Test("a machine that was moved to where two spellings lead is another than the claimed one")
    func movedUnderTwoSpellings() {
        let devices = [
            Self.device("a", "A"), Self.device("b", "127.0.0.1"), Self.device("c", "localhost"),
        ]
        for first in [
            SystemIdentity(uuid: Self.uuid, serialNumber: "S1"), SystemIdentity(serialNumber: "S1"),
        ] {
            var table = PoolTable(inventory: devices, stored: [])
            claim(&table, devices[1], SystemIdentity(serialNumber: "S2"))
            _ = look(&table, devices[0], first)
            for device in devices[1...] {
                _ = look(&table, device, SystemIdentity(serialNumber: "S2"))
                table.noteSilence(of: .device(device.name))
            }
            _ = look(&table, devices[2], first)
            #expect(!look(&table, devices[1], first).verdict.isSame)
        }
    }

    @Test("one machine under three spellings is found, where two identifiers agree")
    func threeSpellings() {
        let devices = ["a", "b", "c"].map { Self.device($0, $0) }
        var table = PoolTable(inventory: devices, stored: [])
        let identity = SystemIdentity(uuid: Self.uuid, serialNumber: "S1")
        for device in devices { _ = look(&table, device, identity) }
        #expect(table.entries.values.allSatisfy { $0.twin != nil })
    }

    @Test(
        "a claimed machine that is not listed any more is known under its new name, after a restart"
    )
    func unlistedClaim() {
        let device = Self.device("a", "127.0.0.1")
        var table = PoolTable(inventory: [device], stored: [])
        claim(&table, device, SystemIdentity(serialNumber: "S1"))
        _ = look(&table, device, SystemIdentity(serialNumber: "S1"))
        let other = Self.device("b", "localhost")
        var next = PoolTable(
            inventory: [other], stored: table.entries.values.map(\.record))
        _ = look(&next, other, SystemIdentity(serialNumber: "S1"))
        #expect(next.entries[.device("b")]?.twin == "a")
        // Its claim is given up.
        guard var record = next.entries[.device("a")]?.record else { return }
        record.claim = nil
        record.releaseOrder = 7
        next.apply(record)
        #expect(next.entries[.device("b")]?.twin == nil)
    }

    @Test("the systems of one BMC are several, though they share the chassis's serial")
    func tray() {
        let devices = [Self.device("a", system: "0"), Self.device("b", system: "1")]
        var table = PoolTable(inventory: devices, stored: [])
        for device in devices { _ = look(&table, device, SystemIdentity(serialNumber: "S1")) }
        #expect(table.entries.values.allSatisfy { $0.twin == nil })
    }

    @Test("one UUID on two machines with serials of their own is no twin")
    func sameUUID() {
        let devices = ["a", "b"].map { Self.device($0, $0) }
        var table = PoolTable(inventory: devices, stored: [])
        for device in devices {
            _ = look(
                &table, device, SystemIdentity(uuid: Self.uuid, serialNumber: "S-\(device.name)"))
        }
        #expect(table.entries.values.allSatisfy { $0.twin == nil })
    }

    @Test("facts and looks stay with the machine when devices swap addresses")
    func facts() {
        var table = PoolTable(
            inventory: [Self.device("a", "A"), Self.device("b", "B")], stored: [])
        table.note(Facts(coreCount: 8), areLasting: true, of: .device("a"))
        table.note(Facts(coreCount: 64), areLasting: true, of: .device("b"))
        let swapped = [Self.device("a", "B"), Self.device("b", "A")]
        table.moveMachines([
            InventoryPlan.Move(from: "a", to: "b"), InventoryPlan.Move(from: "b", to: "a"),
        ])
        table.setInventory(swapped)
        #expect(table.entries[.device("a")]?.facts?.coreCount == 64)
        #expect(table.entries[.device("b")]?.facts?.coreCount == 8)
        // A new address alone starts them anew.
        table.setInventory([Self.device("a", "C"), swapped[1]])
        #expect(table.entries[.device("a")]?.facts == nil)
    }
}
