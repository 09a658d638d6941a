import Testing

@testable import IPMIWire

@Suite struct SequenceWindowTests {
    @Test(
        "each number is taken once, within the window",
        arguments: [
            ([1, 2, 3], [true, true, true]),
            ([1, 1, 2, 2], [true, false, true, false]),
            ([2, 1, 1, 2], [true, true, false, false]),
            ([16, 1, 17, 1, 2], [true, true, true, false, true]),
            ([17], [false]),
            ([0], [false]),
            ([16, 32, 17, 16], [true, true, true, false]),
            ([.max], [false]),
        ] as [([UInt32], [Bool])])
    func admission(numbers: [UInt32], expected: [Bool]) {
        var window = SequenceWindow()
        var admitted: [Bool] = []
        for number in numbers { admitted.append(window.admit(number)) }
        #expect(admitted == expected)
    }

    @Test("the count turns over, leaving 0 out")
    func turnover() {
        var window = SequenceWindow(highest: .max - 1)
        let admitted = [UInt32.max, 0, 1, .max, 1].reduce(into: [Bool]()) {
            $0.append(window.admit($1))
        }
        #expect(admitted == [true, false, true, false, false])
    }
}
