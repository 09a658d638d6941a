import Foundation
import Testing

@testable import Core
@testable import StateFile
@testable import TestSupport

@Suite struct StateFileTests {
    let folder: TemporaryFolder
    var path: String { folder.path + "/state.json" }

    init() throws {
        folder = try TemporaryFolder()
    }

    private func write(_ text: String) throws {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    private func claim(_ id: String, order: Int64, state: ClaimState = .running) -> Claim {
        Claim(
            id: id,
            spec: ClaimSpec(
                properties: ["Note": "x"], tags: ["infrakit.group": "g"], initScript: "echo hi",
                logicalID: "l-\(id)", attachments: [["ID": "a", "Type": "t"]]),
            state: state, claimedAt: Date(timeIntervalSince1970: 1_800_000_000), order: order)
    }

    @Test("what was written is read back by the next daemon")
    func roundTrip() async throws {
        let date = Date(timeIntervalSince1970: 1_800_000_100)
        let failure = ClaimState.Failure(since: date, reasons: ["PSU 2"], cause: .replaced)
        let states: [ClaimState] =
            ClaimState.StartStep.allCases.map(ClaimState.starting) + [
                .running, .restarting, .fencing(failure), .failed(failure), .refencing(failure),
                .reviving(failure), .stopping, .undoing(failure), .discarding(failure),
            ]
        var records = states.enumerated().map { index, state in
            DeviceRecord(
                key: .device("d\(index)"),
                machine: Machine(
                    address: MachineAddress(
                        provider: "redfish", bmc: "https://10.0.0.\(index)", system: "Node0"),
                    identity: SystemIdentity(
                        uuid: "4c4c4544-0034-3010-8052-b4c04f4d3632", serialNumber: "ABC1",
                        serviceTag: "TAG7"), unreliable: [.uuid, .serialNumber]),
                claim: claim("zzzzzzz\(index)-d\(index)", order: Int64(index), state: state))
        }
        records[0].lastCarrier = LastCarrier(
            key: LogicalIDKey(logicalID: "db1", group: "g"), sequence: 9)
        records[1].cordon = Cordon(since: Date(timeIntervalSince1970: 5), reason: "dust")
        records[2].claim?.power = SentPower(
            pendingOns: 2, lastOn: date, answered: date, isConfirmedOff: true)
        records.append(
            DeviceRecord(key: .device("z"), machine: records[0].machine, releaseOrder: 17))
        records.append(DeviceRecord(key: .device("y"), unconfirmedOn: date))
        let store = try FileStore(path: path)
        _ = try await store.load()
        let revision = try await store.commit(StoreCommit(puts: records, sequence: 40))
        await store.close()

        let second = try FileStore(path: path)
        let loaded = try await second.load()
        for index in records.indices { records[index].revision = revision }
        #expect(Set(loaded.records) == Set(records))
        #expect(loaded.sequence == 40 && loaded.revision == revision)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(
            text.contains("\n{\"ID\":\"zzzzzzz0-d0\",\"LogicalID\":\"l-zzzzzzz0-d0\",\"Tags\":{"))
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        await second.close()
    }

    @Test("when On was sent is stored rather too late than too early")
    func roundedUp() async throws {
        let store = try FileStore(path: path)
        _ = try await store.load()
        var record = DeviceRecord(key: .device("d"), claim: claim("i", order: 1))
        record.claim?.power.lastOn = Date(timeIntervalSince1970: 1_800_000_000.2)
        _ = try await store.commit(StoreCommit(puts: [record], sequence: 1))
        await store.close()
        let loaded = try await FileStore(path: path).load().records
        #expect(
            loaded.first?.claim?.power.lastOn == Date(timeIntervalSince1970: 1_800_000_001))
    }

    @Test(
        "a file that makes no sense stops the start and stays as it is",
        arguments: [
            ("{\"Provider\":{},\n\"Instances\":[}", "state.json:2:"),
            ("", "state.json:1: is empty (0 bytes)"),
            (#"{"Provider":{},"Instances":{}}"#, "Instances: is an object and should be an array"),
            (
                #"{"Provider":{},"Instances":[{}]}"#,
                "Instances[0].ID: is null and should be a string"
            ),
            (
                #"{"Provider":{},"Instances":[{"ID":"a"},{"ID":"a"}]}"#,
                "Instances[1].ID: a stands in the file twice"
            ),
            (
                #"{"Provider":{},"Instances":[{"ID":"a","Device":"d"}],"NonFunctional":[{"ID":"b","Device":"d"}]}"#,
                "NonFunctional[0].Device: d is claimed twice"
            ),
            (
                #"{"Provider":{},"Instances":[{"ID":"a","Phase":"gone"}]}"#,
                "Instances[0].Phase: gone is none of"
            ),
            (
                #"{"Provider":{"Format":4},"Instances":[]}"#,
                "Provider.Format: is 4, this release reads 1 to 3: a newer release wrote the file"
            ),
            (#"{"Provider":{"Sequence":-1},"Instances":[]}"#, "Provider.Sequence: is -1"),
            (
                #"{"Provider":{},"Instances":[{"ID":"a","State":"gone"}]}"#,
                "Instances[0].State: gone is none of starting, running"
            ),
            (
                #"{"Provider":{},"Instances":[{"ID":"a","State":"starting"}]}"#,
                "Instances[0].State: starting needs `Step`"
            ),
            (
                #"{"Provider":{},"Instances":[{"ID":"a","State":"failed","Failure":{}}]}"#,
                "failed stands in the wrong array: it belongs to NonFunctional"
            ),
            (
                #"{"Provider":{"Format":3,"Journal":{"ID":"00000000000000ab","Change":5,"Segment":1,"Clean":true},"Devices":{"d":{"ReleaseOrder":1,"Revision":9}}},"Instances":[]}"#,
                "Provider.Devices.d.Revision: is 9, and the file's last change is 5"
            ),
            (
                #"{"Provider":{},"Instances":[{"ID":"a","Order":9223372036854775807}]}"#,
                "Instances[0].Order: is 9223372036854775807"
            ),
        ])
    func unreadable(_ text: String, _ expected: String) async throws {
        try write(text)
        let store = try FileStore(path: path)
        await #expect {
            _ = try await store.load()
        } throws: { error in
            "\(error)".contains(expected) && "\(error)".contains("the state is never replaced")
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    }

    private func released(_ name: String, _ order: Int64, over revision: UInt64 = 0) -> StoreCommit
    {
        StoreCommit(
            puts: [DeviceRecord(key: .device(name), revision: revision, releaseOrder: order)],
            sequence: 0)
    }

    @Test("concurrent changes share a sync and all last")
    func concurrent() async throws {
        let store = try FileStore(path: path)
        _ = try await store.load()
        let revisions = try await withThrowingTaskGroup(of: UInt64.self) { group in
            for number in 0..<500 {
                group.addTask { try await store.commit(released("d\(number)", Int64(number))) }
            }
            return try await group.reduce(into: Set<UInt64>()) { $0.insert($1) }
        }
        #expect(revisions.count == 500)
        await store.close()
        #expect(try await FileStore(path: path).load().records.count == 500)
    }

    @Test("what can't be folded stays in the journal, and is read from there")
    func failedWrite() async throws {
        let store = try FileStore(path: path)
        _ = try await store.load()
        let revision = try await store.commit(released("d", 1))
        await store.close()
        let before = try String(contentsOfFile: path, encoding: .utf8)
        // A folder in the way of the new file keeps the journal from being folded, for root too.
        try FileManager.default.createDirectory(
            atPath: path + ".new", withIntermediateDirectories: false)
        let second = try FileStore(path: path)
        let loaded = try await second.load().records
        _ = try await second.commit(released("d", 2, over: revision))
        await second.close()
        #expect(try String(contentsOfFile: path, encoding: .utf8) == before)
        #expect(loaded.map(\.releaseOrder) == [1])
        let third = try FileStore(path: path)
        #expect(try await third.load().records.map(\.releaseOrder) == [2])
        await third.close()
    }

    @Test("nothing is written after the store was closed")
    func closed() async throws {
        let store = try FileStore(path: path)
        await store.close()
        await #expect(throws: StoreError.closed) { _ = try await store.commit(released("d", 1)) }
    }
}
