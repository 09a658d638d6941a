@testable internal import IPMI
internal import IPMIWire
internal import NIOCore
internal import Synchronization

/// A BMC that answers from a script, whatever it is asked, and again from its start at its end.
///
/// If the first byte is 1, later rounds name other records as the next, so that these never end; if it
/// is something else, the BMC is gone after a while. Then follow the answers: a byte below
/// 0xC0 is the number of bytes of an answer, which follow; one from 0xC0 on is the completion code of
/// a refusal, but for 0xFE: the BMC is silent.
final class ScriptedBMC: IPMIConnection {
    enum Answer: Sendable {
        case data([UInt8])
        case refusal(CompletionCode)
        case silence
    }

    private let answers: [Answer]
    private let isEndless: Bool
    private let count = Atomic<Int>(0)

    /// After so many the BMC is gone, unless it is endless: most inputs have to be fast.
    private static let maximumCount = 100

    /// How many requests it has answered.
    var requests: Int { count.load(ordering: .relaxed) }

    /// Whether it never says that it is too busy.
    let isReady: Bool

    init(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        isEndless = rest.popFirst() == 1
        var answers: [Answer] = []
        while let code = rest.popFirst() {
            switch code {
            case ..<0xC0:
                answers.append(.data(Array(rest.prefix(Int(code)))))
                rest = rest.dropFirst(Int(code))
            case 0xFE: answers.append(.silence)
            default: answers.append(.refusal(CompletionCode(rawValue: code)))
            }
        }
        isReady = answers.allSatisfy {
            if case .refusal(let code) = $0 { !code.isTransient } else { true }
        }
        self.answers = answers.isEmpty ? [.silence] : answers
    }

    var session: UInt32? { get async { nil } }

    func perform<Command: IPMICommand>(
        _ command: Command
    ) async throws(IPMIFailure) -> Command.Response {
        let number = count.add(1, ordering: .relaxed).oldValue
        guard isEndless || number < Self.maximumCount else { throw silence(Command.name) }
        switch answers[number % answers.count] {
        case .data(var bytes):
            if isEndless, bytes.count > 1 {
                // Answers begin with the ID of the next record.
                let id = UInt16(bytes[0]) | UInt16(bytes[1]) << 8
                let other = id &+ UInt16(truncatingIfNeeded: number / answers.count)
                bytes[0] = UInt8(truncatingIfNeeded: other)
                bytes[1] = UInt8(truncatingIfNeeded: other >> 8)
            }
            do {
                return try Command.Response(bytes: bytes)
            } catch {
                throw .malformed(command: Command.name, error)
            }
        case .refusal(let code):
            throw .refused(command: Command.name, code)
        case .silence:
            throw silence(Command.name)
        }
    }

    private func silence(_ step: String) -> IPMIFailure {
        .silent(step: step, attempts: 1, mayHaveActed: false)
    }
}
