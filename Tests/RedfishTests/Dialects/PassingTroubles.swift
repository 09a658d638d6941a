import Core
import Locking
import Randomness
import Simulator

/// One answer in some comes to nothing, or late: a failure, nothing, a page, a cut, a 401, and of
/// commands both before and after they are carried out.
final class PassingTroubles: Sendable {
    private struct State {
        var random: SeededNumbers
        var log: [String] = []
    }

    /// In how many requests of a hundred.
    private let percent: Int
    private let state: Mutex<State>

    init(seed: UInt64) {
        var random = SeededNumbers(seed: seed)
        percent = Int.random(in: 2...15, using: &random)
        state = Mutex(State(random: random))
    }

    /// What went wrong, the last last.
    var log: String { state.withLock { $0.log.suffix(12).joined(separator: "; ") } }

    func verdict(on request: SimulatedRequest, _ moment: RequestMoment) -> RequestVerdict {
        state.withLock { state in
            guard state.random.happens(percent) else { return .proceed }
            let isRead = request.method == "GET"
            // Of a task's monitor an answer without a body is the end.
            let isMonitor = request.path.contains("/TaskService/")
            let troubles: [(String, RequestVerdict)]
            switch moment {
            case .arrived:
                troubles =
                    Self.failures + (isRead ? Self.nonsense : []) + [("cut", .drop)]
                    + (isRead && !isMonitor ? Self.blanks : [])
                    + (request.path.hasSuffix("/Sessions") ? [] : Self.strangers)
            case .executed:
                // A read leaves nothing behind.
                troubles = isRead ? [] : Self.failures + [("cut", .drop)]
            }
            guard let trouble = troubles.randomElement(using: &state.random) else {
                return .proceed
            }
            let isDone = if case .executed = moment { "done " } else { "" }
            state.log.append("\(isDone)\(request.method) \(request.path): \(trouble.0)")
            return trouble.1
        }
    }

    private static let failures: [(String, RequestVerdict)] = [
        ("500", .answer(SimulatedAnswer(status: 500))),
        ("503", .answer(SimulatedAnswer(status: 503))),
        ("502", .answer(SimulatedAnswer(status: 502))),
    ]
    private static let blanks: [(String, RequestVerdict)] = [
        ("empty", .answer(SimulatedAnswer(status: 200))),
        ("{}", .answer(SimulatedAnswer(status: 200, json: [:]))),
    ]
    private static let nonsense: [(String, RequestVerdict)] = [
        (
            "HTML",
            .answer(
                SimulatedAnswer(
                    status: 200, headers: [("Content-Type", "text/html")],
                    body: Array("<html></html>".utf8)))
        ),
        ("late", .delay(.milliseconds(1))), ("garbage", .garbage([0, 1, 2, 10, 10])),
    ]
    private static let strangers: [(String, RequestVerdict)] = [
        ("401", .answer(SimulatedAnswer(status: 401)))
    ]
}
