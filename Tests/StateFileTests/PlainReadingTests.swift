import Foundation
import Testing

@testable import Core
@testable import StateFile

/// What is read without a tree in between is what ``JSON`` makes of the same text, or nothing.
@Suite struct PlainReadingTests {
    private func claim(
        _ id: String, _ state: ClaimState, order: Int64, power: SentPower = SentPower()
    ) -> Claim {
        Claim(
            id: id,
            spec: ClaimSpec(
                properties: ["Note": "é\\\"\n", "Depth": [1, -20, true, nil, [:], []]],
                tags: ["infrakit.group": "g", "é": ""], initScript: "#!/bin/sh\n\techo \"hi\"\r\n",
                logicalID: order == 0 ? nil : "l", attachments: [["ID": "a"]]),
            state: state,
            claimedAt: order == 1 ? nil : Date(timeIntervalSince1970: 1_800_000_000),
            order: order, power: power)
    }

    private var records: [DeviceRecord] {
        let date = Date(timeIntervalSince1970: 1_800_000_100)
        let failure = ClaimState.Failure(
            since: date, reasons: ["PSU 2", "fan"], cause: .otherMachine)
        let machine = Machine(
            address: MachineAddress(provider: "redfish", bmc: "https://10.0.0.1", system: "Node0"),
            identity: SystemIdentity(
                uuid: "4c4c4544-0034-3010-8052-b4c04f4d3632", serialNumber: "ABC123",
                serviceTag: "TAG7"))
        return [
            DeviceRecord(
                key: .device("a"), revision: 2, machine: machine,
                claim: claim("i1", .running, order: 0),
                lastCarrier: LastCarrier(key: .init(logicalID: "db1", group: "g"), sequence: 4),
                cordon: Cordon(since: Date(timeIntervalSince1970: 5)),
                others: ["Theirs": ["x": 1]]),
            DeviceRecord(
                key: .orphan(instance: "i2"), revision: 1,
                claim: claim(
                    "i2", .starting(.starting), order: 1,
                    power: SentPower(
                        pendingOns: 2, lastOn: date, answered: date, isConfirmedOff: true))),
            DeviceRecord(
                key: .device("c"), revision: 2, claim: claim("i3", .discarding(failure), order: -3)),
            DeviceRecord(
                key: .device("d"), revision: 1, machine: machine, cordon: Cordon(since: date),
                releaseOrder: 17),
        ]
    }

    private func document(_ records: [DeviceRecord]) -> [UInt8] {
        StateSnapshot(
            image: StateImage(records), sequence: 3,
            journal: JournalReference(identifier: 1, change: 2, segment: 3, isClean: false),
            others: StateOthers(root: ["TheirsToo": ["z"]], provider: ["Theirs": "y"])
        ).text
    }

    /// The text with one byte changed, left out or put in, for each place and a few bytes.
    private func variants(of text: [UInt8]) -> [[UInt8]] {
        let bytes = Array("\"\\{}[],:0-9a \n".utf8) + [0, 0x1F, 0x80, 0xC3, 0xFF]
        return text.indices.flatMap { place in
            var variants: [[UInt8]] = []
            var shorter = text
            shorter.remove(at: place)
            variants.append(shorter)
            variants.append(Array(text[..<place]))
            for byte in bytes {
                var variant = text
                variant[place] = byte
                variants.append(variant)
                variant = text
                variant.insert(byte, at: place)
                variants.append(variant)
            }
            return variants
        }
    }

    private func expectSame(_ plain: StateDocument, _ whole: StateDocument, _ text: [UInt8]) {
        let isSame =
            Set(plain.records) == Set(whole.records) && plain.sequence == whole.sequence
            && plain.journal == whole.journal && plain.others == whole.others
        #expect(isSame, "\(String(decoding: text, as: UTF8.self))")
    }

    @Test("files that we write are read plainly", arguments: [0, 1, 2, 3, 4])
    func ownFiles(count: Int) throws {
        for records in [Array(records.prefix(count)), Array(records.suffix(count))] {
            let text = document(records)
            let plain = try #require(StateDocument(linesOf: text, file: "f"))
            #expect(Set(plain.records) == Set(records))
            expectSame(plain, try StateDocument(parsingWhole: text, file: "f"), text)
        }
    }

    @Test("changes that we write are read plainly")
    func ownChanges() throws {
        let removal = DeviceRecord(key: .device("e"), revision: 3)
        for change in (records + [removal]).map({ StateChange(writing: [$0]) }) + [
            StateChange(writing: records), StateChange(writing: []),
        ] {
            #expect(StateChange(plain: change.payload[...]) == change)
        }
    }

    @Test("files of format 2 are read plainly")
    func formerFiles() throws {
        let text = FormerState.document(count: 5)
        let plain = try #require(StateDocument(linesOf: text, file: "f"))
        expectSame(plain, try StateDocument(parsingWhole: text, file: "f"), text)
        #expect(plain.format == 2 && plain.records.count == 9)
    }

    @Test("a line that another program added to leaves the others to be read plainly")
    func addedTo() throws {
        let text = String(decoding: document(records), as: UTF8.self)
            .replacingOccurrences(of: #""Spec":{"#, with: #""Spec":{"Hint":1,"#)
        let plain = try #require(StateDocument(linesOf: Array(text.utf8), file: "f"))
        expectSame(
            plain, try StateDocument(parsingWhole: Array(text.utf8), file: "f"), Array(text.utf8))
        let hints = plain.records.filter { $0.claim != nil }.map(\.others["Spec"]?["Hint"])
        #expect(hints == [1, 1, 1])
    }

    @Test("a file that is changed anywhere is read as it is read as a whole, or not at all")
    func changedFiles() throws {
        for records in [[records[0]], [records[2]], [records[3]]] {
            for text in variants(of: document(records)) {
                guard let plain = StateDocument(linesOf: text, file: "f") else { continue }
                expectSame(plain, try StateDocument(parsingWhole: text, file: "f"), text)
            }
        }
    }

    @Test("a change that is changed anywhere is read as it is read as a whole, or not at all")
    func changedChanges() throws {
        for record in records {
            for text in variants(of: StateChange(writing: [record]).payload) {
                guard let plain = StateChange(plain: text[...]) else { continue }
                let whole = try StateChange(parsingWhole: text[...], place: "here")
                #expect(plain == whole, "\(String(decoding: text, as: UTF8.self))")
            }
        }
    }

    @Test(
        "what JSON refuses is refused",
        arguments: [
            "01", "-0", "-", "1.5", "1e3", "9223372036854775808", "tru", "{\"a\":1,}", "[1,]",
            "{\"a\":1,\"a\":2}", "\"\\u0041\"", "\"\\x\"", "\"a", "\"\u{01}\"", "[ 1]", "",
        ])
    func refused(text: String) {
        let bytes = Array((text + ",").utf8)
        let value = bytes.withUnsafeBufferPointer { bytes in
            var scanner = PlainScanner(bytes)
            return try? scanner.value()
        }
        #expect(value == nil)
    }

    @Test("nesting beyond what a spec has is left to the reader of whole texts")
    func deep() throws {
        var properties: JSON = 1
        for _ in 0..<100 { properties = [properties] }
        let claim = Claim(
            id: "i", spec: ClaimSpec(properties: properties), state: .running, claimedAt: nil,
            order: 0)
        let record = DeviceRecord(key: .device("a"), revision: 1, claim: claim)
        let text = document([record])
        #expect(StateChange(plain: StateChange(writing: [record]).payload[...]) == nil)
        #expect(try StateDocument(parsing: text, file: "f").records == [record])
    }
}
