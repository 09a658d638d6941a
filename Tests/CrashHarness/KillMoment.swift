import Core
import Randomness
import Simulator

/// When the daemon dies.
enum KillMoment: Sendable, CustomStringConvertible {
    enum Kind: String, CaseIterable, Sendable {
        case time, request, answer, store
    }

    /// After a while under load.
    case after(Duration)
    /// At the request to a BMC with this number, counted since the start: before the BMC acts, or
    /// when it has acted and is about to answer.
    case request(Int, RequestGate.Point)
    /// By its own hand, at a step of the store.
    case step(FileStep)

    var kind: Kind {
        switch self {
        case .after: .time
        case .request(_, .beforeExecution): .request
        case .request(_, .beforeAnswer): .answer
        case .step: .store
        }
    }

    /// The step of the store that it is.
    var step: FileStep? {
        if case .step(let step) = self { step } else { nil }
    }

    var description: String {
        switch self {
        case .after(let time): "after \(time)"
        case .request(let number, .beforeExecution): "when a BMC got request \(number)"
        case .request(let number, .beforeAnswer): "when a BMC had carried out request \(number)"
        case .step(let step): "\(step) of the store"
        }
    }

    static func random(using numbers: inout SeededNumbers) -> KillMoment {
        // Half of all are at the store: it has the most steps.
        switch Int.random(in: 0..<6, using: &numbers) {
        case 0: .after(.milliseconds(Int.random(in: 0...1_500, using: &numbers)))
        case 1: .request(Int.random(in: 1...200, using: &numbers), .beforeExecution)
        case 2: .request(Int.random(in: 1...200, using: &numbers), .beforeAnswer)
        default: .step(randomStep(using: &numbers))
        }
    }

    private static func randomStep(using numbers: inout SeededNumbers) -> FileStep {
        let operation = FileStep.Operation.allCases.randomElement(using: &numbers) ?? .write
        let points: [FileStep.Point] =
            operation == .write ? [.before, .midway, .after] : [.before, .after]
        let point = points.randomElement(using: &numbers) ?? .before
        // A start and each fold do the rarer ones once or twice.
        let last =
            switch operation {
            case .write, .sync: 60
            case .create, .rename, .syncFolder: 6
            case .allocate, .remove: 3
            }
        return FileStep(point, operation, Int.random(in: 1...last, using: &numbers))
    }
}
