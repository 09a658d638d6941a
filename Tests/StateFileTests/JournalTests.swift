import Testing

@testable import Core
@testable import StateFile

@Suite struct JournalTests {
    private let header = JournalHeader(identifier: 0xABC, segment: 3, firstChange: 10)

    private func line(_ number: UInt64, durable: UInt64, size: Int = 40) -> [UInt8] {
        var bytes: [UInt8] = []
        JournalLine(
            number: number, durable: durable, sequence: 4,
            payload: Array(repeating: UInt8(ascii: "x"), count: size)[...]
        ).encode(into: &bytes, seed: header.seed)
        return bytes
    }

    private func parse(_ bytes: [UInt8]) -> JournalSegment {
        JournalSegment(parsing: bytes, identifier: 0xABC, number: 3)
    }

    // From xxHash's own tests (tests/sanity_test_vectors.h and the reference implementation).
    @Test("checksums are xxHash's")
    func checksums() {
        #expect(XXH64.hash([], seed: 0) == 0xEF46_DB37_51D8_E999)
        #expect(XXH64.hash(Array("a".utf8)[...], seed: 0) == 0xD24E_C4F1_A98C_6E5B)
        #expect(XXH64.hash(Array("abc".utf8)[...], seed: 0) == 0x44BC_2CF5_AD77_0999)
        let long = Array("Nobody inspects the spammish repetition".utf8)
        #expect(XXH64.hash(long[...], seed: 0) == 0xFBCE_A83C_8A37_8BF1)
        #expect(Hexadecimal.value(Hexadecimal.text(0x0123_4567_89AB_CDEF)) == 0x0123_4567_89AB_CDEF)
    }

    @Test("lines are read up to the space that was allocated ahead")
    func whole() {
        let bytes =
            header.encoded + line(10, durable: 9) + line(11, durable: 9) + line(12, durable: 11)
        let segment = parse(bytes + [UInt8](repeating: 0, count: 5000))
        #expect(segment.header == header)
        #expect(segment.lines.map(\.number) == [10, 11, 12])
        #expect(segment.lines.map(\.durable) == [9, 9, 11])
        #expect(segment.end == bytes.count)
        #expect(segment.rest == .nothing)
    }

    @Test(
        "a number from which nothing can count on is no line's and no segment's",
        arguments: [UInt64.max, UInt64(Int64.max)])
    func highNumbers(number: UInt64) {
        #expect(parse(header.encoded + line(number, durable: 9)).lines.isEmpty)
        #expect(parse(header.encoded + line(10, durable: number)).lines.isEmpty)
        for first in [0, number] {
            let header = JournalHeader(identifier: 0xABC, segment: 3, firstChange: first)
            #expect(parse(header.encoded).header == nil)
        }
        let names = StateNames(document: "rackpool.json")
        #expect(names.segmentNumber(ofName: "rackpool.journal.\(number)") == nil)
        #expect(names.segmentNumber(ofName: "rackpool.journal.7") == 7)
    }

    @Test("a write that was cut short anywhere is torn, and what was before it is whole")
    func torn() {
        let before = header.encoded + line(10, durable: 9)
        let batch = line(11, durable: 10) + line(12, durable: 10)
        for length in 1..<batch.count {
            let segment = parse(before + batch[..<length] + [0, 0, 0])
            let whole = length >= line(11, durable: 10).count ? 2 : 1
            #expect(segment.lines.count == whole, "\(length)")
            let rest = length - (whole - 1) * line(11, durable: 10).count
            #expect(segment.rest == (rest == 0 ? .nothing : .torn(rest)))
        }
    }

    @Test("pages of one write may come to the disk in any order")
    func reordered() {
        let before = header.encoded + line(10, durable: 9)
        let (first, second) = (line(11, durable: 10, size: 600), line(12, durable: 10, size: 600))
        let segment = parse(before + [UInt8](repeating: 0, count: first.count) + second)
        #expect(segment.lines.map(\.number) == [10])
        #expect(segment.rest == .torn(first.count + second.count))
    }

    @Test("a byte that is wrong before a later write is damage, wherever it is")
    func damaged() {
        let (first, second, third) = (
            line(10, durable: 9), line(11, durable: 10), line(12, durable: 11)
        )
        let start = header.encoded.count
        let bytes = header.encoded + first + second + third
        for place in 0..<(start + first.count + second.count) {
            var broken = bytes
            broken[place] ^= 0x01
            let segment = parse(broken)
            guard place >= start else {
                #expect(segment.header == nil, "\(place)")
                continue
            }
            #expect(segment.lines.count == (place < start + first.count ? 0 : 1))
            guard case .damaged(let damage) = segment.rest else {
                Issue.record("byte \(place) is \(segment.rest)")
                continue
            }
            #expect(damage.whole.last?.number == 12)
        }
    }

    @Test(
        "a long line that looks like a line at many places takes no more work than its length",
        arguments: [true, false])
    func lookalikes(isWhole: Bool) {
        let mark = Array("0123456789abcdef ".utf8)
        let text = [UInt8]((0..<4000).map { _ in mark }.joined())
        let bytes = text + (isWhole ? [UInt8(ascii: "\n")] : []) + [0, 0]
        var reader = JournalReader(bytes: bytes, position: 0, seed: header.seed)
        let rest = reader.rest(next: 10)
        #expect(reader.summed <= 17 * bytes.count)
        if isWhole {
            #expect(rest == .damaged(.init(missing: 10...10, whole: [])))
        } else {
            #expect(rest == .torn(text.count))
            #expect(reader.summed == 0)
        }
    }

    @Test("a line whose predecessor's line feed is damaged is found, past what looks like a line")
    func merged() {
        var bytes = line(10, durable: 9) + line(11, durable: 10) + line(12, durable: 11)
        bytes[line(10, durable: 9).count - 1] = UInt8(ascii: "0")
        bytes.replaceSubrange(30..<47, with: Array("0123456789abcdef ".utf8))
        let segment = parse(header.encoded + bytes)
        guard case .damaged(let damage) = segment.rest else {
            Issue.record("it is \(segment.rest)")
            return
        }
        #expect(damage.whole.map(\.number) == [11, 12])
    }

    @Test("a line of another segment or another state isn't valid")
    func foreign() {
        let other = JournalHeader(identifier: 0xABC, segment: 4, firstChange: 10)
        #expect(parse(other.encoded + line(10, durable: 9)).lines.isEmpty)
    }

    @Test("a change is read back as it was written, several records and a removal too")
    func changes() throws {
        let records = [
            DeviceRecord(
                key: .device("d\n\"1"), revision: 7,
                lastCarrier: LastCarrier(key: .init(logicalID: "l", group: "g"), sequence: 3),
                releaseOrder: -3),
            DeviceRecord(key: .device("d"), revision: 2),
            DeviceRecord(key: .orphan(instance: "InfraKit-7"), revision: 9),
        ]
        for change in records.map({ StateChange(writing: [$0]) }) + [
            StateChange(writing: records), StateChange(writing: []),
        ] {
            let payload = change.payload
            #expect(!payload.contains(UInt8(ascii: "\n")))
            #expect(try StateChange(parsing: payload[...], place: "here") == change)
            #expect(try StateChange(parsingWhole: payload[...], place: "here") == change)
        }
    }

    @Test("a change of format 2 has the version that its record gets")
    func formerChange() throws {
        let text =
            #"{"Device":"r1","Replaces":3,"Version":4,"Entry":{"ID":"i","LogicalID":null,"Tags":{},"Device":"r1","Phase":"provisioning","Step":"Starting","Spec":{"Properties":null,"Init":"","Attachments":null},"Order":7,"Version":4}}"#
        for change in [
            try #require(StateChange(plain: Array(text.utf8)[...])),
            try StateChange(parsingWhole: Array(text.utf8)[...], place: "here"),
        ] {
            let record = try #require(change.puts.first).record(at: 50)
            #expect(record.revision == 4)
            #expect(record.claim?.state == .starting(.starting))
            #expect(record.claim?.power == SentPower(pendingOns: 1))
        }
    }
}
