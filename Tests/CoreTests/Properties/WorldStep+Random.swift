import Core
import Randomness

extension WorldStep {
    /// The steps of a seed, and how mean their world is.
    static func sequence(seed: UInt64) -> (steps: [TimedStep], meanness: Meanness) {
        var source = SeededNumbers(seed: seed)
        let meanness = meanness(&source)
        // Some sequences dwell on a few kinds of trouble, which then meet oftener.
        let favourites = (0..<4).map { _ in number(0...99, &source) }
        let first = (0..<number(1...4, &source)).map { _ in
            TimedStep(pause: pause(&source), step: .provision(wish(&source)))
        }
        let steps = (0..<number(14...40, &source)).map { _ in
            let kind =
                source.happens(30)
                ? favourites[number(0...3, &source)] : number(0...99, &source)
            return TimedStep(pause: pause(&source), step: random(kind, &source))
        }
        return (first + steps, meanness)
    }

    private static func meanness(_ source: inout SeededNumbers) -> Meanness {
        func some(_ percent: Int, _ source: inout SeededNumbers) -> Int {
            source.happens(50) ? 0 : number(1...percent, &source)
        }
        return Meanness(
            lateCommands: some(60, &source), lostAnswers: some(40, &source),
            refusals: some(20, &source), slowLooks: some(30, &source),
            failedLooks: some(15, &source), slowCommits: some(60, &source),
            failedCommits: source.happens(80) ? 0 : number(1...15, &source),
            clockJumps: source.happens(20))
    }

    private static func pause(_ source: inout SeededNumbers) -> Duration {
        switch number(0...9, &source) {
        case 0...2: .zero
        case 3...5: .milliseconds(number(1...9000, &source))
        case 6...8: .milliseconds(number(1...90_000, &source))
        default: .milliseconds(number(1...600_000, &source))
        }
    }

    private static func random(_ kind: Int, _ source: inout SeededNumbers) -> WorldStep {
        switch kind {
        case 0..<20: .provision(wish(&source))
        case 20..<33: .destroy(any(&source))
        case 33..<36: .label(any(&source), group: number(0...1, &source) == 0 ? nil : 1)
        case 36..<45: operatorStep(&source)
        case 45..<50: .sync
        case 50..<56: power(&source)
        case 56..<66: inventoryStep(&source)
        case 66..<74: serverStep(&source)
        case 74..<77: .exchange(server(&source), absence: number(90...400, &source))
        case 77..<79: .bringBack
        case 79..<82: .restartBMC(bmc(&source))
        case 82..<85: .silence(bmc(&source), number(1...500, &source))
        case 85..<87: .changePassword(bmc(&source))
        case 87..<89: .cutNetwork(count: number(2...6, &source), number(1...400, &source))
        case 89..<96: .crash(after: number(0...8, &source), away: number(0...60, &source))
        case 96..<98: .restart(away: number(0...60, &source))
        default: .setClock(number(-4000...4000, &source))
        }
    }

    private static func operatorStep(_ source: inout SeededNumbers) -> WorldStep {
        switch number(0...8, &source) {
        case 0: .cordon(device(&source))
        case 1...2: .uncordon(device(&source))
        case 3...4: .replace(any(&source))
        case 5...6: .release(any(&source))
        case 7: .forget(any(&source))
        default: .unfreeze
        }
    }

    private static func power(_ source: inout SeededNumbers) -> WorldStep {
        let actions: [PowerAction] = [
            .on, .off(grace: .zero), .off(grace: .seconds(20)), .cycle, .cycle, .reset, .status,
        ]
        return .power(
            device(&source), actions[number(0...6, &source)], isForced: source.happens(60))
    }

    private static func inventoryStep(_ source: inout SeededNumbers) -> WorldStep {
        switch number(0...9, &source) {
        case 0...1: .rename(device(&source))
        case 2...3: .swap(device(&source), device(&source))
        case 4: .listAgain(device(&source))
        case 5...6: .unlist(device(&source))
        case 7: .relist
        case 8: .setPassword(device(&source), isRight: false)
        default: .setPassword(device(&source), isRight: true)
        }
    }

    private static func serverStep(_ source: inout SeededNumbers) -> WorldStep {
        switch number(0...9, &source) {
        case 0...1:
            .health(server(&source), [.ok, .warning, .critical, .critical][number(0...3, &source)])
        case 2...3: .health(server(&source), .ok)
        case 4: .refuseOn(server(&source), source.happens(50))
        case 5: .listen(server(&source), source.happens(50))
        case 6: .pressButton(server(&source))
        case 7: .losePower(server(&source))
        default: .cycleByGuest(server(&source))
        }
    }

    private static func wish(_ source: inout SeededNumbers) -> Wish {
        let logicalIDs = ["pet1", "pet2", "host2"]
        return Wish(
            group: number(0...1, &source),
            logicalID: source.happens(60) ? logicalIDs[number(0...2, &source)] : nil,
            configuration: source.happens(70) ? 0 : 1, powersOff: source.happens(10),
            hasMedia: source.happens(15), hasBoot: source.happens(15),
            hasGrace: source.happens(40))
    }

    private static func number(
        _ range: ClosedRange<Int>, _ source: inout SeededNumbers
    ) -> Int {
        Int.random(in: range, using: &source)
    }

    // Things are to happen where instances live; numbers from ten on are counted among those.
    private static func device(_ source: inout SeededNumbers) -> Int {
        source.happens(70) ? number(10...99, &source) : number(0...8, &source)
    }

    private static func server(_ source: inout SeededNumbers) -> Int {
        source.happens(70) ? number(10...99, &source) : number(0...6, &source)
    }

    private static func bmc(_ source: inout SeededNumbers) -> Int { server(&source) }

    private static func any(_ source: inout SeededNumbers) -> Int { number(0...99, &source) }
}
