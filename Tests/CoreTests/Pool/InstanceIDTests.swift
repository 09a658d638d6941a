import Core
import Testing

@Suite struct InstanceIDTests {
    @Test("the first claim of a pool has the last ID but one")
    func first() {
        #expect(InstanceID.make(sequence: 1, device: "r1u07") == "zzzzzzzy-r1u07")
    }

    @Test("a later claim sorts before every earlier one")
    func order() {
        let sequences: [UInt64] = [
            1, 2, 31, 32, 33, 1023, 1024, 1 << 20, 1 << 39, InstanceID.limit,
        ]
        let ids = sequences.map { InstanceID.make(sequence: $0, device: "a") }
        #expect(ids == ids.sorted(by: >))
        #expect(Set(ids).count == ids.count)
        #expect(ids.last == "00000000-a")
    }
}
