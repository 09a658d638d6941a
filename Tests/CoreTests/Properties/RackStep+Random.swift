import Randomness

extension RackStep {
    /// The sequence of a seed.
    static func sequence(seed: UInt64) -> [RackStep] {
        var source = SeededNumbers(seed: seed)
        return (0..<Int.random(in: 12...25, using: &source)).map { _ in random(&source) }
    }

    private static func random(_ source: inout SeededNumbers) -> RackStep {
        switch Int.random(in: 0..<100, using: &source) {
        case 0..<18: .provision(wish(&source))
        case 18..<28: .destroy(number(&source))
        case 28..<31: .label(number(&source), value: number(&source))
        case 31..<35: .slow(call(&source))
        case 35..<39: .unhang(any(of: ModelRack.Ending.allCases, &source))
        case 39..<45: .together((0..<number(2...4, &source)).map { _ in simple(&source) })
        case 45..<55: .condition(device(&source), any(of: ModelRack.Condition.allCases, &source))
        case 55..<57: .outage(Bool.random(using: &source))
        case 57..<60: .powerLoss(device(&source))
        case 60..<63: .foreignOn(device(&source))
        case 63..<64: .foreignOff(device(&source))
        case 64..<79: .round
        case 79..<82: .timePasses(seconds: number(1...400, &source))
        case 82..<84: .restart
        case 84..<90: .crash(simple(&source), after: number(0...8, &source))
        case 90..<92: .drop(device(&source))
        case 92..<94: .list(device(&source))
        case 94..<95: .move(device(&source))
        case 95..<97: .cordon(device(&source))
        case 97..<98: .uncordon(device(&source))
        default: .unfreeze
        }
    }

    private static func call(_ source: inout SeededNumbers) -> RackStep {
        number(0...2, &source) > 0 ? .provision(wish(&source)) : .destroy(number(&source))
    }

    private static func simple(_ source: inout SeededNumbers) -> RackStep {
        switch number(0...7, &source) {
        case 0...3: .provision(wish(&source))
        case 4...5: .destroy(number(&source))
        case 6: .label(number(&source), value: number(&source))
        default: .round
        }
    }

    private static func wish(_ source: inout SeededNumbers) -> Wish {
        Wish(
            group: number(0...1, &source),
            logicalID: number(0...2, &source) == 0 ? number(0...1, &source) : nil,
            kind: number(0...1, &source) == 0 ? .plain : any(of: Wish.Kind.allCases, &source))
    }

    // Devices are claimed from the front, so that is where things happen.
    private static func device(_ source: inout SeededNumbers) -> Int {
        number(0...4, &source) > 0 ? number(0...7, &source) : number(0...49, &source)
    }

    private static func number(
        _ range: ClosedRange<Int> = 0...99, _ source: inout SeededNumbers
    ) -> Int {
        Int.random(in: range, using: &source)
    }

    private static func number(_ source: inout SeededNumbers) -> Int { number(0...99, &source) }

    private static func any<Value>(of values: [Value], _ source: inout SeededNumbers) -> Value {
        values[Int.random(in: values.indices, using: &source)]
    }
}
