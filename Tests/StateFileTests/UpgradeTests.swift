import Foundation
import Testing

@testable import Core
@testable import StateFile

/// What earlier formats say is understood, and kept as it was.
@Suite struct UpgradeTests {
    private let disk = FaultyDisk(seed: 1)
    private static let copy = "state/rackpool.before-format-3"

    private func makeStore() throws -> FileStore {
        try FileStore(
            path: StoreTrial.path, files: disk.start(), settings: StoreTrial.settings,
            logger: StoreTrial.silent)
    }

    private func put(_ text: String) {
        disk.setBytes(of: StoreTrial.path, Array(text.utf8))
    }

    private func load() async throws -> [RecordKey: DeviceRecord] {
        let store = try makeStore()
        let records = try await store.load().records
        await store.close()
        return Dictionary(uniqueKeysWithValues: records.map { ($0.key, $0) })
    }

    private func entry(_ id: String, _ members: String) -> String {
        #"{"ID":"\#(id)","LogicalID":"p-\#(id)","Tags":{"infrakit.group":"g"},"Device":"d-\#(id)"\#(members)}"#
    }

    @Test("each phase of format 2 becomes a state")
    func phases() async throws {
        let failure = #","Failure":{"Since":"2026-11-21T08:20:56Z","Reasons":["PSU 2"]}"#
        put(
            """
            {"Provider":{"Format":2,"Sequence":9},"Instances":[
            \(entry("1", #","Phase":"provisioning","Step":"Claimed""#)),
            \(entry("2", #","Phase":"provisioning","Step":"Clearing""#)),
            \(entry("3", #","Phase":"provisioning","Step":"Starting""#)),
            \(entry("4", #","Phase":"active""#)),
            \(entry("5", #","Phase":"releasing""#))
            ],"NonFunctional":[
            \(entry("6", #","Phase":"active""# + failure)),
            \(entry("7", #","Phase":"releasing""# + failure)),
            \(entry("8", #","Phase":"active""#))
            ]}
            """)
        let records = try await load()
        let since = try #require(Date(timestamp: "2026-11-21T08:20:56Z"))
        let known = ClaimState.Failure(since: since, reasons: ["PSU 2"])
        let unknown = ClaimState.Failure(since: Date(timeIntervalSince1970: 0), reasons: [])
        let expected: [ClaimState] = [
            .starting(.claimed), .starting(.clearing), .starting(.starting), .running, .stopping,
            .failed(known), .discarding(known), .failed(unknown),
        ]
        for (number, state) in zip(1..., expected) {
            let claim = try #require(records[.device("d-\(number)")]?.claim)
            #expect(claim.state == state)
            #expect(claim.power == SentPower(pendingOns: number == 3 ? 1 : 0))
        }
    }

    @Test("orders become ranks, and every number that is drawn later sorts behind them")
    func orders() async throws {
        put(
            """
            {"Provider":{"Format":2,"Sequence":2,"Devices":{
            "f1":{"LastLogicalID":"db1","ReleaseOrder":900,"Version":4},
            "f2":{"LastLogicalID":"db1","ReleaseOrder":-7,"Version":6},
            "f3":{"LastLogicalID":"db2","Version":6}}},
            "Instances":[\(entry("a", #","Order":-70000"#)),\(entry("b", #","Order":5"#))],
            "NonFunctional":[\(entry("c", #","Order":4"#)),\(entry("e", #","Order":99999999"#))]}
            """)
        let store = try makeStore()
        let loaded = try await store.load()
        await store.close()
        let records = Dictionary(uniqueKeysWithValues: loaded.records.map { ($0.key, $0) })
        #expect(
            ["a", "c", "b", "e"].map { records[.device("d-\($0)")]?.claim?.order } == [1, 2, 3, 4])
        #expect(records[.device("f2")]?.releaseOrder == 1)
        #expect(records[.device("f1")]?.releaseOrder == 2)
        // The one that was given back later carried it last.
        let key = LogicalIDKey(logicalID: "db1", group: nil)
        #expect(records[.device("f1")]?.lastCarrier == LastCarrier(key: key, sequence: 2))
        #expect(records[.device("f2")]?.lastCarrier == LastCarrier(key: key, sequence: 1))
        #expect(records[.device("f3")]?.lastCarrier?.sequence == 0)
        let orders = loaded.records.flatMap { record in
            [record.claim?.order, record.releaseOrder, record.lastCarrier?.sequence].compactMap(
                \.self)
        }
        #expect(orders.allSatisfy { (0...Int64(loaded.sequence)).contains($0) })
    }

    @Test("what runs with a logical ID has it on its disks, later than whoever gave it back")
    func runningCarrier() async throws {
        put(
            """
            {"Provider":{"Format":2,"Devices":{
            "f1":{"LastLogicalID":"p-a","ReleaseOrder":900,"Version":4}}},
            "Instances":[\(entry("a", "")),\(entry("b", #","Phase":"provisioning","Step":"Claimed""#))],
            "NonFunctional":[\(entry("c", ""))]}
            """)
        let records = try await load()
        let carrier = try #require(records[.device("d-a")]?.lastCarrier)
        #expect(carrier.key == LogicalIDKey(logicalID: "p-a", group: "g"))
        #expect(carrier.sequence > records[.device("f1")]?.lastCarrier?.sequence ?? 0)
        #expect(records[.device("d-b")]?.lastCarrier == nil)
        #expect(records[.device("d-c")]?.lastCarrier?.sequence == 0)
    }

    @Test("revisions and changes go on above all versions that there were")
    func revisions() async throws {
        disk.setBytes(of: StoreTrial.path, FormerState.document(count: 3))
        disk.setBytes(
            of: "state/rackpool.journal.3",
            FormerState.segment([
                #"{"Device":"f3","Replaces":1,"Version":5000,"Mark":{"ReleaseOrder":3,"Version":5000}}"#
            ]))
        let store = try makeStore()
        let loaded = try await store.load()
        #expect(loaded.revision > 5000)
        #expect(loaded.records.allSatisfy { $0.revision == loaded.revision })
        #expect(loaded.sequence >= 70)
        // The journal's change is in it.
        #expect(loaded.records.contains { $0.key == .device("f3") && $0.cordon == nil })
        let next = try await store.commit(
            StoreCommit(puts: [DeviceRecord(key: .device("n"), releaseOrder: 99)], sequence: 99))
        #expect(next == loaded.revision + 1)
        disk.cutPower()
        #expect(try await load().count == loaded.records.count + 1)
    }

    @Test("the old files are kept as they were, and a later upgrade keeps them too")
    func copy() async throws {
        let former = [
            StoreTrial.path: FormerState.document(count: 3),
            "state/rackpool.journal.3": FormerState.segment([
                #"{"Device":"f3","Replaces":1,"Version":2}"#
            ]),
        ]
        for round in 1...2 {
            for (path, bytes) in former { disk.setBytes(of: path, bytes) }
            disk.setBytes(of: "state/rackpool.journal.2", Array("not needed".utf8))
            let store = try makeStore()
            _ = try await store.load()
            await store.close()
            disk.cutPower()
            // The same files need no second copy.
            let folder = Self.copy
            for (path, bytes) in former {
                #expect(disk.bytes(of: folder + "/" + StateNames.name(of: path)) == bytes)
            }
            #expect(disk.names.count { $0.contains("before-format") } == 2, "round \(round)")
            // Removed files are back after a power cut.
            for name in disk.names where !name.contains("before-format") { disk.remove(name) }
        }
        disk.setBytes(of: StoreTrial.path, FormerState.document(count: 1, segment: 9))
        disk.setBytes(of: "state/rackpool.journal.9", FormerState.segment([], number: 9))
        let store = try makeStore()
        _ = try await store.load()
        await store.close()
        #expect(disk.bytes(of: Self.copy + "/rackpool.json") == former[StoreTrial.path])
        #expect(
            disk.bytes(of: Self.copy + "-2/rackpool.json")
                == FormerState.document(count: 1, segment: 9))
        // It stands for itself.
        let kept = try StateLoader(
            names: StateNames(document: Self.copy + "/rackpool.json"), files: disk.start()
        ).load()
        #expect(kept.format == 2 && kept.last == 41)
    }

    @Test("an upgrade without space for the copy changes nothing")
    func noSpace() async throws {
        let former = FormerState.document(count: 3)
        disk.setBytes(of: StoreTrial.path, former)
        disk.setBytes(of: "state/rackpool.journal.3", FormerState.segment([]))
        disk.setCapacity(disk.used + 100)
        let store = try makeStore()
        await #expect {
            _ = try await store.load()
        } throws: { error in
            "\(error)".contains("not upgraded without a copy")
        }
        #expect(disk.bytes(of: StoreTrial.path) == former)
    }

    @Test(
        "an upgrade that is cut short at any call loses nothing, and keeps the old files",
        arguments: [true, false], [true, false])
    func interrupted(isBefore: Bool, cutsPower: Bool) async throws {
        let former = FormerState.document(count: 3)
        let segment = FormerState.segment([#"{"Device":"f3","Replaces":1,"Version":2}"#])
        var call = 0
        while true {
            call += 1
            let disk = FaultyDisk(seed: UInt64(call))
            // The folder is there.
            let first = try FileStore(
                path: StoreTrial.path, files: disk.start(), settings: StoreTrial.settings,
                logger: StoreTrial.silent)
            await first.close()
            disk.setBytes(of: StoreTrial.path, former)
            disk.setBytes(of: "state/rackpool.journal.3", segment)
            disk.plan(.stops(before: isBefore), atCall: call)
            var isOver = false
            do {
                let store = try FileStore(
                    path: StoreTrial.path, files: disk.start(), settings: StoreTrial.settings,
                    logger: StoreTrial.silent)
                _ = try await store.load()
                isOver = disk.calls < call
            } catch {}
            disk.plan(nil)
            if cutsPower { disk.cutPower() }
            if isOver { break }
            let next = try FileStore(
                path: StoreTrial.path, files: disk.start(), settings: StoreTrial.settings,
                logger: StoreTrial.silent)
            let loaded = try await next.load()
            #expect(loaded.records.count == 6, "call \(call)")
            #expect(loaded.sequence == 70)
            #expect(disk.bytes(of: Self.copy + "/rackpool.json") == former)
            #expect(disk.bytes(of: Self.copy + "/rackpool.journal.3") == segment)
            #expect(disk.names.count { $0.contains("before-format") } == 2)
        }
        #expect(call > 20)
    }

    @Test("members that another program wrote are kept at every level")
    func others() async throws {
        put(
            #"{"Theirs":[1],"Provider":{"Theirs":2,"Devices":{"f":{"Theirs":3,"Version":1,"Cordon":{"Since":"2026-11-21T08:20:57Z","Theirs":4}}}},"Instances":[{"ID":"a","LogicalID":null,"Tags":{},"Device":"d","Theirs":5,"Spec":{"Properties":null,"Theirs":6}}],"NonFunctional":[{"ID":"b","LogicalID":null,"Tags":{},"Device":"e","Failure":{"Reasons":[],"Theirs":7}}],"Zuletzt":8}"#
        )
        let store = try makeStore()
        _ = try await store.load()
        await store.close()
        // What this release writes besides is taken as well.
        var text = String(decoding: try #require(disk.bytes(of: StoreTrial.path)), as: UTF8.self)
        text = text.replacingOccurrences(
            of: #""Order":"#,
            with:
                #""Power":{"PendingOns":1,"Theirs":9},"Machine":{"Provider":"redfish","BMC":"https://x","Theirs":10},"Order":"#
        )
        text = text.replacingOccurrences(
            of: #""Cordon":"#,
            with: #""LastCarrier":{"LogicalID":"l","Sequence":1,"Theirs":11},"Cordon":"#)
        put(text)
        let second = try makeStore()
        for var record in try await second.load().records {
            // All is written anew, through the journal.
            record.claim?.order += 1
            record.releaseOrder = 1
            _ = try await second.commit(StoreCommit(puts: [record], sequence: 9))
        }
        disk.cutPower()
        let third = try makeStore()
        _ = try await third.load()
        await third.close()
        let json = try JSON(parsing: try #require(disk.bytes(of: StoreTrial.path)))
        let provider = json["Provider"]
        #expect(json["Theirs"] == [1] && json["Zuletzt"] == 8)
        #expect(provider?["Theirs"] == 2)
        #expect(provider?["Devices"]?["f"]?["Theirs"] == 3)
        #expect(provider?["Devices"]?["f"]?["Cordon"]?["Theirs"] == 4)
        #expect(provider?["Devices"]?["f"]?["LastCarrier"]?["Theirs"] == 11)
        let (active, failed) = (json["Instances"]?[0], json["NonFunctional"]?[0])
        #expect(active?["Theirs"] == 5 && active?["Spec"]?["Theirs"] == 6)
        #expect(failed?["Failure"]?["Theirs"] == 7)
        for entry in [active, failed] {
            #expect(entry?["Power"]?["Theirs"] == 9 && entry?["Machine"]?["Theirs"] == 10)
        }
    }

    @Test("what another program wrote into a claim's spec goes with the claim")
    func gone() throws {
        var record = DeviceRecord(
            key: .device("d"), releaseOrder: 1, others: ["Spec": ["Theirs": 1], "Theirs": 2])
        #expect(record.kept?.others == ["Theirs": 2])
        record.releaseOrder = nil
        record.others = ["Spec": ["Theirs": 1]]
        #expect(record.kept == nil)
    }

    // The members that its appendInstanceToState packs, as jansson's json_dumps lays them out.
    @Test("a file of InfraKit-Instance-C loads, and what it holds stays")
    func reference() async throws {
        let text =
            #"{"Provider": {}, "Instances": [{"ID": "InfraKit-1480000001", "LogicalID": null, "Tags": {"infrakit.config_sha": "006438mMXW8gXeYtUxgf9Zbg94Y=", "infrakit.group": "cattle"}}, {"ID": "InfraKit-1480000002", "LogicalID": null, "Tags": {"infrakit.config_sha": "006438mMXW8gXeYtUxgf9Zbg94Y=", "infrakit.group": "cattle"}}], "NonFunctional": []}"#
        put(text)
        let records = try await load()
        let ids = ["InfraKit-1480000001", "InfraKit-1480000002"]
        #expect(Set(records.keys) == Set(ids.map { .orphan(instance: $0) }))
        #expect(records.values.allSatisfy { $0.claim?.state == .running })
        #expect(ids.map { records[.orphan(instance: $0)]?.claim?.order } == [1, 2])
        #expect(disk.bytes(of: Self.copy + "/rackpool.json") == Array(text.utf8))
        let json = try JSON(parsing: try #require(disk.bytes(of: StoreTrial.path)))
        #expect(json["Instances"]?.array?.compactMap { $0["ID"]?.string } == ids)
        #expect(json["Instances"]?[0]?["Device"] == nil)
        #expect(json["Instances"]?[0]?["Tags"]?["infrakit.group"] == "cattle")
    }

    @Test(
        "what is no state file is left alone, and said to be what it looks like",
        arguments: [
            (#"{"a":1}"#, "neither `Provider` nor `Instances`, but `a`"),
            ("{}", "nothing at all"),
            (#"{"name":"web","version":"1.0.0","dependencies":{}}"#, "npm package"),
            ("[]", "it holds an array"), ("7", "it holds an integer"), ("", "is empty (0 bytes)"),
            (" \n", "is empty (2 bytes)"),
            (
                #"{"StateVersion": "0.3.0", "OneViewGroups": [{"groupName": "g", "OneViewInstance": {"address": "a", "username": "u", "password": "geheim"}, "Instances": [{"ID": "x", "LogicalID": "/rest/1", "Tags": {"hw_uri": "/rest/1"}}], "NonFunctional": []}]}"#,
                "the state of infrakit-instance-oneview"
            ),
            (#"{"Instances":[]}"#, "it has `Instances` and no `Provider`"),
        ])
    func foreign(_ text: String, _ expected: String) async throws {
        put(text)
        let store = try makeStore()
        await #expect {
            _ = try await store.load()
        } throws: { error in
            let message = "\(error)"
            return message.contains(StoreTrial.path) && message.contains(expected)
                && message.contains("never replaced") && !message.contains("geheim")
        }
        await store.close()
        #expect(disk.bytes(of: StoreTrial.path) == Array(text.utf8))
        #expect(disk.names == [StoreTrial.path, StoreTrial.path + ".lock"])
    }
}
