import Foundation
import Testing

@testable import Core

/// What a new inventory means for what there is.
@Suite struct InventoryPlanTests {
    private static func device(_ name: String, _ bmc: String, system: String? = nil) -> Device {
        Device(name: name, provider: "fake", bmc: "fake://" + bmc, system: system)
    }

    private static func devices(_ text: String) -> [Device] {
        text.split(separator: " ").map { word in
            let parts = word.split(separator: "@").map(String.init)
            let place = parts[1].split(separator: "/").map(String.init)
            return device(parts[0], place[0], system: place.count > 1 ? place[1] : nil)
        }
    }

    /// `a@A!` is claimed, `a@A!?` claimed and of unknown identity, `a@A` free, `a@A^` cordoned.
    private static func records(_ text: String) -> [DeviceRecord] {
        text.split(separator: " ").map { word in
            let place = devices(String(word.filter { !"!?^".contains($0) }))[0]
            let claim = Claim(
                id: "i-\(place.name)", spec: .group("g"), state: .running, claimedAt: nil, order: 0)
            return DeviceRecord(
                key: .device(place.name), revision: 1,
                machine: Machine(
                    address: place.address,
                    identity: SystemIdentity(
                        serialNumber: word.contains("?") ? nil : "SN-\(place.name)")),
                claim: word.contains("!") ? claim : nil,
                cordon: word.contains("^") ? Cordon(since: Date()) : nil,
                releaseOrder: word.contains("!") ? nil : 1)
        }
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let title: String
        let records: String
        let before: String
        let after: String
        let moves: String
        var faults = ""
        var addresses = ""
        var testDescription: String { title }
    }

    static let cases: [Case] = [
        Case(title: "nothing new", records: "a@A!", before: "a@A", after: "a@A", moves: ""),
        Case(
            title: "a claimed one renamed", records: "a@A!", before: "a@A", after: "b@A",
            moves: "a>b"),
        Case(title: "a free one renamed", records: "", before: "a@A", after: "b@A", moves: "a>b"),
        Case(
            title: "two swap names", records: "a@A! b@B!", before: "a@A b@B", after: "a@B b@A",
            moves: "a>b b>a"),
        Case(
            title: "a chain of three", records: "a@A! b@B! c@C!", before: "a@A b@B c@C",
            after: "a@C b@A c@B", moves: "a>b b>c c>a"),
        Case(
            title: "a claimed one swaps with a free one", records: "a@A!", before: "a@A b@B",
            after: "a@B b@A", moves: "a>b b>a"),
        Case(
            title: "a claimed one leaves", records: "a@A!", before: "a@A b@B", after: "b@B",
            moves: ""),
        Case(
            title: "one that left comes back under another name", records: "a@A!", before: "",
            after: "z@A", moves: "a>z"),
        Case(
            title: "another address, and its machine can be told", records: "a@A!", before: "a@A",
            after: "a@X", moves: ""),
        Case(
            title: "a claimed one is said to be one of several systems", records: "a@A!",
            before: "a@A", after: "a@A/2", moves: ""),
        Case(
            title: "one of several systems from now on, and its machine can't be told",
            records: "a@A!?", before: "a@A", after: "a@A/2", moves: "", faults: "a"),
        Case(
            title: "one of several systems from now on, under a new name", records: "a@A!",
            before: "a@A", after: "b@A/2",
            moves: "", faults: "b"),
        Case(
            title: "a claimed one's system is said no more", records: "a@A/2!?",
            before: "a@A/2", after: "a@A", moves: "", faults: "a"),
        Case(
            title: "another address, and its machine can't be told", records: "a@A!?",
            before: "a@A", after: "a@X", moves: "", faults: "a"),
        Case(
            title: "the name of another claim whose machine is listed no more",
            records: "a@A! b@B!", before: "a@A b@B", after: "b@A", moves: "", faults: "b"),
        Case(
            title: "the name of a free device that leaves", records: "a@A! b@B",
            before: "a@A b@B", after: "b@A", moves: "a>b", addresses: "b@A"),
        Case(
            title: "the name of a cordoned device that leaves", records: "a@A! b@B^",
            before: "a@A b@B", after: "b@A", moves: "", faults: "b", addresses: "b@A"),
        Case(
            title: "a claimed one gets the address of a free one that leaves", records: "b@B!",
            before: "a@A b@B", after: "b@A", moves: ""),
        Case(
            title: "a claimed one gets the address of a free one that was used once",
            records: "a@A b@B!", before: "a@A b@B", after: "b@A", moves: ""),
        Case(
            title: "a free one's record at the address of a claimed one that is renamed",
            records: "z@A b@A!", before: "b@A", after: "c@A", moves: "b>c"),
        Case(
            title: "the same, sorted the other way", records: "a@A b@A!", before: "b@A",
            after: "c@A", moves: "b>c"),
        Case(
            title: "two claims on one address that is renamed", records: "a@A! b@A!",
            before: "b@A", after: "c@A", moves: "a>c", faults: "c"),
        Case(
            title: "the only system of a free one's BMC is named from now on", records: "a@A^",
            before: "a@A", after: "a@A/Node0", moves: "", addresses: "a@A/Node0"),
        Case(
            title: "the only system of a free one's BMC is named no more", records: "a@A/Node0^",
            before: "a@A/Node0", after: "b@A", moves: "a>b", addresses: "b@A"),
        Case(
            title: "one system becomes two", records: "a@A!?", before: "a@A",
            after: "a@A/Node0 b@A/Node1", moves: "", faults: "a"),
        Case(
            title: "a free one's record goes along to its new address", records: "a@A^",
            before: "a@A", after: "a@X", moves: "", addresses: "a@X"),
        Case(
            title: "a free one keeps its record when its old address has a new name",
            records: "a@A^", before: "a@B", after: "a@B z@A", moves: "", addresses: "a@B"),
    ]

    @Test("what becomes of records", arguments: cases)
    func plan(_ test: Case) {
        let plan = InventoryPlan(
            records: Self.records(test.records), present: Self.devices(test.before),
            devices: Self.devices(test.after))
        #expect(plan.moves.map { "\($0.from)>\($0.to)" }.joined(separator: " ") == test.moves)
        #expect(plan.faults.map(\.device).joined(separator: " ") == test.faults)
        #expect(
            plan.addresses.sorted { $0.key < $1.key }.map {
                $0.key + "@" + $0.value.bmc.dropFirst(7) + ($0.value.system.map { "/" + $0 } ?? "")
            }.joined(separator: " ") == test.addresses)
    }

    @Test("a claimed device that isn't listed is named, at a reload and at the start")
    func unlisted() {
        for isStart in [false, true] {
            let plan = InventoryPlan(
                records: Self.records("a@A!"), present: isStart ? [] : Self.devices("a@A"),
                devices: Self.devices("b@B"), isStart: isStart)
            let line = plan.lines.first { $0.kind == .unlisted }
            #expect(line?.device == "a" && line?.instance == "i-a")
            #expect(line?.text.contains("can't be watched or destroyed") == isStart)
            #expect(line?.text.contains("is watched, and can be destroyed") == !isStart)
        }
    }

    @Test("each change is a line: added, removed, renamed, moved, other credentials")
    func lines() {
        var after = Self.devices("a2@A b@B2 d@D")
        after.append(
            Device(
                name: "e", provider: "fake", bmc: "fake://E",
                credentials: Credentials(username: "u", password: Secret("p"))))
        let plan = InventoryPlan(
            records: Self.records("a@A! e@E!"), present: Self.devices("a@A b@B c@C e@E"),
            devices: after)
        #expect(
            plan.lines.map { "\($0.device) \($0.kind.rawValue)" }.sorted() == [
                "a2 renamed", "b moved", "c removed", "d added", "e credentials",
            ])
        #expect(plan.lines.first { $0.device == "e" }?.instance == "i-e")
        #expect(!plan.description.contains("Secret") && !plan.description.contains("\"p\""))
    }
}

extension ClaimSpec {
    fileprivate static func group(_ group: String) -> ClaimSpec {
        ClaimSpec(tags: ["infrakit.group": group])
    }
}
