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

    private func claim(_ id: String, order: Int64, failed: Bool = false) -> Claim {
        Claim(
            id: id,
            spec: ClaimSpec(
                properties: ["Note": "x"], tags: ["infrakit.group": "g"], initScript: "echo hi",
                logicalID: "l-\(id)", attachments: [["ID": "a", "Type": "t"]]),
            phase: .provisioning(.starting), claimedAt: Date(timeIntervalSince1970: 1_800_000_000),
            order: order,
            failure: failed
                ? Claim.Failure(
                    since: Date(timeIntervalSince1970: 1_800_000_100), reasons: ["PSU 2"])
                : nil)
    }

    @Test("what was written is read back by the next daemon")
    func roundTrip() async throws {
        let records = [
            DeviceRecord(
                key: .device("a"), version: 1, claim: claim("zzzzzzzx-a", order: 0),
                lastLogicalID: "db1",
                cordon: Cordon(since: Date(timeIntervalSince1970: 5), reason: "dust")),
            DeviceRecord(key: .device("b"), version: 1, claim: claim("zzzzzzzw-b", order: 1)),
            DeviceRecord(
                key: .device("c"), version: 1, claim: claim("zzzzzzzv-c", order: 0, failed: true)),
            DeviceRecord(key: .device("d"), version: 1, releaseOrder: 17),
        ]
        let store = try FileStore(path: path)
        _ = try await store.load()
        _ = try await store.nextSequence()
        for record in records { try await store.write(record, replacing: 0) }
        await store.close()

        let second = try FileStore(path: path)
        let loaded = try await second.load().records
        #expect(Set(loaded) == Set(records))
        #expect(try await second.nextSequence() == 2)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.contains("\n{\"ID\":\"zzzzzzzx-a\",\"LogicalID\":\"l-zzzzzzzx-a\",\"Tags\":{"))
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("a file of InfraKit-Instance-C loads, and what it holds stays")
    func adopted() async throws {
        try write(
            #"{"Provider": {"Secret": "s"}, "Instances": [{"ID": "InfraKit-7", "LogicalID": null, "Tags": {"infrakit.config_sha": "x", "infrakit.group": "g"}}], "NonFunctional": []}"#
        )
        let store = try FileStore(path: path)
        let records = try await store.load().records
        #expect(records.map(\.key) == [.orphan(instance: "InfraKit-7")])
        #expect(records.first?.claim?.phase == .active)
        try await store.write(
            DeviceRecord(key: .device("d"), version: 1, releaseOrder: 1), replacing: 0)
        await store.close()
        let json = try JSON(parsing: try Data(contentsOf: URL(fileURLWithPath: path)))
        #expect(json["Provider"]?["Secret"] == "s")
        #expect(json["Instances"]?[0]?["ID"] == "InfraKit-7")
        #expect(json["Instances"]?[0]?["Device"] == nil)
    }

    @Test(
        "a file that makes no sense stops the start and stays as it is",
        arguments: [
            ("{\"Provider\":{},\n\"Instances\":[}", "state.json:2:"),
            ("", "state.json:1:"),
            (#"{"Instances":{}}"#, "Instances: is an object and should be an array"),
            (#"{"Instances":[{}]}"#, "Instances[0].ID: is null and should be a string"),
            (
                #"{"Instances":[{"ID":"a"},{"ID":"a"}]}"#,
                "Instances[1].ID: a stands in the file twice"
            ),
            (
                #"{"Instances":[{"ID":"a","Device":"d"}],"NonFunctional":[{"ID":"b","Device":"d"}]}"#,
                "NonFunctional[0].Device: d is claimed twice"
            ),
            (#"{"Instances":[{"ID":"a","Phase":"gone"}]}"#, "Instances[0].Phase: gone is none of"),
            (#"{"Provider":{"Format":3}}"#, "Provider.Format: is 3, this release reads 1 and 2"),
            (#"{"Provider":{"Sequence":-1}}"#, "Provider.Sequence: is -1"),
            (
                #"{"Instances":[{"ID":"a","Order":9223372036854775807}]}"#,
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

    @Test("a second daemon is kept out, and told who is in")
    func lock() async throws {
        let store = try FileStore(path: path)
        #expect {
            _ = try FileStore(path: path)
        } throws: { error in
            "\(error)".contains("is in use by process \(getpid())")
        }
        await store.close()
        _ = try FileStore(path: path)
    }

    @Test("a record is only replaced by who knows its version")
    func conflict() async throws {
        let store = try FileStore(path: path)
        _ = try await store.load()
        try await store.write(
            DeviceRecord(key: .device("d"), version: 1, releaseOrder: 1), replacing: 0)
        await #expect(throws: StoreError.conflict(.device("d"))) {
            try await store.write(
                DeviceRecord(key: .device("d"), version: 1, releaseOrder: 2), replacing: 0)
        }
    }

    @Test("concurrent changes share a sync and all last")
    func concurrent() async throws {
        let store = try FileStore(path: path)
        _ = try await store.load()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<500 {
                group.addTask {
                    try await store.write(
                        DeviceRecord(
                            key: .device("d\(number)"), version: 1, releaseOrder: Int64(number)),
                        replacing: 0)
                }
            }
            try await group.waitForAll()
        }
        await store.close()
        #expect(try await FileStore(path: path).load().records.count == 500)
    }

    @Test("what can't be folded stays in the journal, and is read from there")
    func failedWrite() async throws {
        let store = try FileStore(path: path)
        _ = try await store.load()
        try await store.write(
            DeviceRecord(key: .device("d"), version: 1, releaseOrder: 1), replacing: 0)
        await store.close()
        let before = try String(contentsOfFile: path, encoding: .utf8)
        // A folder in the way of the new file keeps the journal from being folded, for root too.
        try FileManager.default.createDirectory(
            atPath: path + ".new", withIntermediateDirectories: false)
        let second = try FileStore(path: path)
        let loaded = try await second.load().records
        try await second.write(
            DeviceRecord(key: .device("d"), version: 2, releaseOrder: 2), replacing: 1)
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
        await #expect(throws: StoreError.closed) {
            try await store.write(DeviceRecord(key: .device("d"), version: 1), replacing: 0)
        }
    }
}
