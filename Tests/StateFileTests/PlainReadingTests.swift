import Foundation
import Testing

@testable import Core
@testable import StateFile

/// What is read without a tree in between is what ``JSON`` makes of the same text, or nothing.
@Suite struct PlainReadingTests {
    private func claim(
        _ id: String, _ phase: Claim.Phase, order: Int64, failure: Claim.Failure? = nil
    ) -> Claim {
        Claim(
            id: id,
            spec: ClaimSpec(
                properties: ["Note": "é\\\"\n", "Depth": [1, -20, true, nil, [:], []]],
                tags: ["infrakit.group": "g", "é": ""], initScript: "#!/bin/sh\n\techo \"hi\"\r\n",
                logicalID: order == 0 ? nil : "l", attachments: [["ID": "a"]]),
            phase: phase,
            claimedAt: order == 1 ? nil : Date(timeIntervalSince1970: 1_800_000_000),
            order: order, failure: failure)
    }

    private var records: [DeviceRecord] {
        let failure = Claim.Failure(
            since: Date(timeIntervalSince1970: 1_800_000_100), reasons: ["PSU 2", "fan"])
        return [
            DeviceRecord(
                key: .device("a"), version: 4, claim: claim("i1", .active, order: 0),
                lastLogicalID: "db1", cordon: Cordon(since: Date(timeIntervalSince1970: 5)),
                others: ["Theirs": ["x": 1]]),
            DeviceRecord(
                key: .orphan(instance: "i2"), version: 1,
                claim: claim("i2", .provisioning(.starting), order: 1)),
            DeviceRecord(
                key: .device("c"), version: 9,
                claim: claim("i3", .releasing, order: -3, failure: failure)),
            DeviceRecord(key: .device("d"), version: 7, releaseOrder: 17),
        ]
    }

    private func document(_ records: [DeviceRecord]) -> [UInt8] {
        StateSnapshot(
            image: StateImage(records), sequence: 3,
            journal: JournalReference(identifier: 1, change: 2, segment: 3, isClean: false),
            others: ["Theirs": "y"]
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
        for record in records + [DeviceRecord(key: .device("e"), version: 3)] {
            let change = StateChange(record: record, replaced: record.version - 1)
            #expect(StateChange(plain: change.payload[...]) == change)
        }
    }

    @Test("a file that is changed anywhere is read as it is read as a whole, or not at all")
    func changedFiles() throws {
        for records in [[records[0]], [records[2], records[3]]] {
            for text in variants(of: document(records)) {
                guard let plain = StateDocument(linesOf: text, file: "f") else { continue }
                expectSame(plain, try StateDocument(parsingWhole: text, file: "f"), text)
            }
        }
    }

    @Test("a change that is changed anywhere is read as it is read as a whole, or not at all")
    func changedChanges() throws {
        for record in records {
            for text in variants(of: StateChange(record: record, replaced: 1).payload) {
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
            id: "i", spec: ClaimSpec(properties: properties), phase: .active, claimedAt: nil,
            order: 0)
        let record = DeviceRecord(key: .device("a"), version: 1, claim: claim)
        let text = document([record])
        #expect(StateDocument(linesOf: text, file: "f") == nil)
        #expect(try StateDocument(parsing: text, file: "f").records == [record])
    }
}
