import Foundation
import Testing

@testable import Core
@testable import StateFile

/// What is sound in a file is saved, in whatever layout, and what isn't is named.
@Suite struct RepairTests {
    private let disk = FaultyDisk(seed: 1)

    private func salvage(_ text: String) throws(StoreError) -> StateSalvage {
        disk.setBytes(of: StoreTrial.path, Array(text.utf8))
        return try StateSalvage(path: StoreTrial.path, files: disk.start())
    }

    private func entry(_ id: String, _ members: String = "") -> String {
        #"{"ID": "\#(id)", "LogicalID": null, "Tags": {"infrakit.group": "g"}, "Device": "d-\#(id)"\#(members)}"#
    }

    private func saved(_ salvage: StateSalvage) -> Set<String> {
        Set(salvage.records.compactMap(\.claim?.id))
    }

    @Test(
        "of a one-line file every sound entry is saved, and each odd one is named with what is wrong",
        arguments: [
            (#", "State": "gone""#, "State: gone is none of"),
            (#", "Order": "first""#, "Order: is \"first\" and should be an integer"),
            (#", "Phase": 7"#, "Phase: is an integer and should be a string"),
            (#", "Spec": []"#, "Spec: is an array and should be an object"),
        ])
    func odd(_ members: String, _ reason: String) throws {
        let entries = [entry("a"), entry("b", members), entry("c")].joined(separator: ", ")
        let salvage = try salvage(
            #"{"Provider": {}, "Instances": [\#(entries)], "NonFunctional": [\#(entry("n"))]}"#)
        #expect(saved(salvage) == ["a", "c", "n"])
        #expect(
            salvage.findings.contains {
                $0.contains("Instances[1]: instance b on device d-b is lost: ")
                    && $0.contains(reason)
            })
        try salvage.write(to: "state/new.json")
        let state = try StateLoader(
            names: StateNames(document: "state/new.json"), files: disk.start()
        ).load()
        #expect(Set(state.image.records.compactMap(\.claim?.id)) == ["a", "c", "n"])
        #expect(state.image[.device("d-n")]?.claim?.state.isDescribed == false)
    }

    @Test(
        "of a file that is no JSON any more every sound entry is saved, in whatever layout",
        arguments: ["", "\n", "\n    "], ["\"ID\": \"b\"", "{\"ID\": \"b\"", "\"Tags\": {", "}"])
    func damaged(between: String, target: String) throws {
        let attachment = #", "Spec": {"Attachments": [{"ID": "x", "Type": "t"}]}"#
        let entries = [entry("a"), entry("b", attachment), entry("c", attachment)]
        var text =
            "{\"Provider\": {\"Format\": 2, \"Sequence\": 12},\(between)\"Instances\": ["
            + entries.joined(separator: "," + between)
            + "],\(between)\"NonFunctional\": [\(entry("n"))]}\n"
        // The first of it that is part of the second entry.
        let start = try #require(text.range(of: entries[1])).lowerBound
        let place = try #require(text.range(of: target, range: start..<text.endIndex))
        text.replaceSubrange(place, with: "?")
        let salvage = try salvage(text)
        #expect(saved(salvage).isSuperset(of: ["a", "c", "n"]))
        #expect(!saved(salvage).contains("x"))
        #expect(
            salvage.findings.contains { $0.contains("line ") && $0.contains("is lost") }
                || saved(salvage).contains("b"))
        try salvage.write(to: "state/new.json")
    }

    @Test(
        "the marks of devices are saved without the one that is damaged, and no part is taken for one"
    )
    func marks() throws {
        let text =
            #"{"Provider":{"Format":3,"Sequence":12,"Journal":{"ID":"00000000000000ab","Change":9,"Segment":4,"Clean":true},"Devices":{"a":{"ReleaseOrder":1,"Revision":2},"b":{"ReleaseOrder":?,"Cordon":{"Since":"2026-11-21T08:20:57Z","Reason":"r"},"Revision":2},"c":{"Cordon":{"Since":"2026-11-21T08:20:57Z"},"Revision":2}}},"Instances":[\#(entry("i"))],"NonFunctional":[]}"#
        let salvage = try salvage(text)
        #expect(
            Set(salvage.records.map(\.key)) == [.device("a"), .device("c"), .device("d-i")])
        #expect(salvage.findings.contains { $0.contains("is lost") })
        try salvage.write(to: "state/new.json")
        let state = try StateLoader(
            names: StateNames(document: "state/new.json"), files: disk.start()
        ).load()
        #expect(state.sequence >= 12 && state.last >= 9)
    }

    @Test("an entry that stands in the file twice is saved once, and the other is named")
    func doubled() throws {
        let salvage = try salvage(
            #"{"Provider": {}, "Instances": [\#(entry("a")), \#(entry("a")), {"ID": "z", "Device": "d-a"}]}"#
        )
        #expect(saved(salvage) == ["a"])
        #expect(
            salvage.findings.contains {
                $0.contains("device d-a is claimed twice: instance a is saved, z")
            })
    }

    @Test(
        "a file of a newer release is refused, damaged or not",
        arguments: [
            #"{"Provider":{"Format":4},"Instances":[{"ID":"a"}]}"#,
            #"{"Provider":{"Format":4,"Sequence":9},"Instances":[{"ID":"a"#,
            #"{ "Provider" : { "Sequence" : 2, "Format" : 17 }, "Instances" : {} }"#,
        ])
    func newer(_ text: String) throws {
        #expect {
            _ = try salvage(text)
        } throws: { error in
            let message = "\(error)"
            return message.contains("a newer release wrote the file")
                && !message.contains("move") && !message.contains("repair")
        }
    }

    @Test(
        "what is no state file is refused",
        arguments: [#"{"a":1}"#, "[]", #"{"StateVersion":"0.3.0","OneViewGroups":[]}"#])
    func foreign(_ text: String) throws {
        #expect(throws: StoreError.self) { _ = try salvage(text) }
    }

    @Test("of what holds nothing, nothing is made up", arguments: ["", "\0\0\0\0", "nonsense {{{"])
    func hopeless(_ text: String) throws {
        let salvage = try salvage(text)
        #expect(salvage.recordCount == 0 && !salvage.findings.isEmpty)
    }

    @Test("a repaired file of an earlier format is in this one's form")
    func former() throws {
        var bytes = FormerState.document(count: 3, segment: 1)
        let place = try #require(bytes.lastIndex(of: UInt8(ascii: ":")))
        bytes[place] = UInt8(ascii: "?")
        let salvage = try salvage(String(decoding: bytes, as: UTF8.self))
        try salvage.write(to: "state/new.json")
        let state = try StateLoader(
            names: StateNames(document: "state/new.json"), files: disk.start()
        ).load()
        #expect(!state.isToBeAdopted)
        #expect(Set(state.image.records.compactMap(\.claim?.order)) == [1, 2, 3])
        #expect(state.image[.device("f1")]?.lastCarrier?.sequence == 2)
    }
}
