import Foundation
import Testing

@testable import Core
@testable import StateFile
@testable import TestSupport

/// Records are compared and swapped together, and no logical ID gets a second holder.
@Suite struct CommitTests {
    private let disk = FaultyDisk(seed: 1)

    private func makeStore() async throws -> FileStore {
        let store = try FileStore(
            path: StoreTrial.path, files: disk.start(), settings: StoreTrial.settings,
            logger: StoreTrial.silent)
        _ = try await store.load()
        return store
    }

    private func pet(
        _ device: String, _ state: ClaimState = .running, id: String = "db1", group: String = "g",
        over revision: UInt64 = 0
    ) -> DeviceRecord {
        DeviceRecord(
            key: .device(device), revision: revision,
            claim: Claim(
                id: "i-\(device)",
                spec: ClaimSpec(tags: ["infrakit.group": group], logicalID: id), state: state,
                claimedAt: nil, order: 1))
    }

    private static let failure = ClaimState.Failure(
        since: Date(timeIntervalSince1970: 0), reasons: ["PSU 2"])

    @Test("a record is only replaced by who knows its revision, and the others with it")
    func conflict() async throws {
        let store = try await makeStore()
        let first = try await store.commit(StoreCommit(puts: [pet("a")], sequence: 1))
        let other = DeviceRecord(key: .device("b"), releaseOrder: 1)
        await #expect(throws: StoreError.conflict(.device("a"))) {
            _ = try await store.commit(
                StoreCommit(puts: [other, pet("a", .stopping)], sequence: 2))
        }
        let second = try await store.commit(
            StoreCommit(puts: [other, pet("a", .stopping, over: first)], sequence: 2))
        #expect(second == first + 1)
        await store.close()
        let loaded = try await makeStore().load()
        #expect(loaded.records.map(\.revision) == [second, second])
        #expect(loaded.revision == second)
    }

    @Test("one record can't stand in a commit twice")
    func repeated() async throws {
        let store = try await makeStore()
        await #expect(throws: StoreError.conflict(.device("a"))) {
            _ = try await store.commit(StoreCommit(puts: [pet("a"), pet("a")], sequence: 1))
        }
    }

    @Test("a sequence that was drawn for nothing is stored, and a lower one changes nothing")
    func sequence() async throws {
        let store = try await makeStore()
        _ = try await store.commit(StoreCommit(puts: [], sequence: 40))
        _ = try await store.commit(StoreCommit(puts: [], sequence: 7))
        disk.cutPower()
        #expect(try await makeStore().load().sequence == 40)
    }

    @Test(
        "the revision goes on over restarts, be the journal folded or not",
        arguments: [true, false])
    func restarts(closes: Bool) async throws {
        var last: UInt64 = 0
        for round in 0..<6 {
            let store = try await makeStore()
            for number in 0..<7 {
                let revision = try await store.commit(
                    StoreCommit(
                        puts: [pet("d\(round)-\(number)", id: "\(round)-\(number)")], sequence: 0))
                #expect(revision > last)
                last = revision
            }
            if closes { await store.close() }
        }
    }

    @Test("a logical ID has one holder in its group")
    func logicalIDs() async throws {
        let store = try await makeStore()
        let key = LogicalIDKey(logicalID: "db1", group: "g")
        let first = try await store.commit(StoreCommit(puts: [pet("a")], sequence: 1))
        for state: ClaimState in [
            .running, .starting(.claimed), .stopping, .undoing(Self.failure),
            .fencing(Self.failure),
            .reviving(Self.failure),
        ] {
            await #expect(throws: StoreError.logicalIDHeld(key, by: .device("a"))) {
                _ = try await store.commit(StoreCommit(puts: [pet("b", state)], sequence: 1))
            }
        }
        // What doesn't hold it, and whoever is of another group, may come.
        let failed = try await store.commit(
            StoreCommit(puts: [pet("b", .failed(Self.failure))], sequence: 1))
        _ = try await store.commit(StoreCommit(puts: [pet("c", group: "h")], sequence: 1))
        // Who has it keeps it, and hands it over in one commit.
        let second = try await store.commit(
            StoreCommit(puts: [pet("a", .restarting, over: first)], sequence: 1))
        _ = try await store.commit(
            StoreCommit(
                puts: [
                    pet("b", .reviving(Self.failure), over: failed),
                    pet("a", .failed(Self.failure), over: second),
                ], sequence: 1))
        await #expect(throws: StoreError.logicalIDHeld(key, by: .device("b"))) {
            _ = try await store.commit(StoreCommit(puts: [pet("d")], sequence: 1))
        }
        await #expect(throws: StoreError.self) {
            _ = try await store.commit(
                StoreCommit(puts: [pet("e", id: "x"), pet("f", id: "x")], sequence: 1))
        }
    }

    @Test("commits of one batch don't get one logical ID both")
    func batch() async throws {
        let store = try await makeStore()
        let gate = disk.hold(.write, of: .newSegment)
        let first = Task {
            try await store.commit(StoreCommit(puts: [pet("z", id: "z")], sequence: 1))
        }
        try await gate.arrival()
        let waiting = (0..<8).map { number in
            Task { try await store.commit(StoreCommit(puts: [pet("d\(number)")], sequence: 1)) }
        }
        while store.waitingCount < 8 { await Task.yield() }
        gate.open()
        _ = try await first.value
        var winners = 0
        for task in waiting {
            if case .success = await task.result { winners += 1 }
        }
        #expect(winners == 1)
    }

    @Test("a logical ID is free again when its commit failed")
    func failed() async throws {
        let store = try await makeStore()
        disk.setSyncsFail(true)
        await #expect(throws: StoreError.self) {
            _ = try await store.commit(StoreCommit(puts: [pet("a")], sequence: 1))
        }
        disk.setSyncsFail(false)
        _ = try await store.commit(StoreCommit(puts: [pet("b")], sequence: 1))
    }

    @Test("a state in which two hold one logical ID is taken as it is, and can be mended")
    func doubled() async throws {
        let entries = ["a", "b"].map { name in
            #"{"ID":"i-\#(name)","LogicalID":"db1","Tags":{"infrakit.group":"g"},"Device":"\#(name)"}"#
        }
        disk.setBytes(
            of: StoreTrial.path,
            Array(#"{"Provider":{},"Instances":[\#(entries.joined(separator: ","))]}"#.utf8))
        let store = try await makeStore()
        let revision = try await store.commit(StoreCommit(puts: [], sequence: 0)) - 1
        // Neither is lost nor stuck, and no third comes.
        let renamed = try await store.commit(
            StoreCommit(
                puts: [DeviceRecord(key: .device("a"), revision: revision), pet("c", .restarting)],
                sequence: 1))
        await #expect(throws: StoreError.self) {
            _ = try await store.commit(StoreCommit(puts: [pet("d")], sequence: 1))
        }
        _ = try await store.commit(
            StoreCommit(puts: [pet("c", .failed(Self.failure), over: renamed)], sequence: 1))
        await #expect(throws: StoreError.self) {
            _ = try await store.commit(StoreCommit(puts: [pet("d")], sequence: 1))
        }
    }

    @Test("what is kept of an instance without a device goes with it, and leaves the state whole")
    func orphan() async throws {
        disk.setBytes(
            of: StoreTrial.path,
            Array(
                #"{"Provider":{},"Instances":[{"ID":"InfraKit-7","LogicalID":null,"Tags":{},"Theirs":1}]}"#
                    .utf8))
        let store = try FileStore(
            path: StoreTrial.path, files: disk.start(), settings: StoreTrial.settings,
            logger: StoreTrial.silent)
        var record = try #require(try await store.load().records.first)
        record.claim = nil
        #expect(!record.isBlank)
        _ = try await store.commit(StoreCommit(puts: [record], sequence: 0))
        disk.cutPower()
        let next = try await makeStore()
        await next.close()
        #expect(try await makeStore().load().records.isEmpty)
    }
}
