import Core
import StateFile

/// A moment in the daemon's life that has a name, and at which it is to die at least once: before,
/// within and after each kind of call to the files, and each kind of request to a BMC.
enum NamedStep: Hashable, Sendable {
    /// - Parameter isStop: whether the daemon was told to stop before.
    case store(FileStep.Kind, isStop: Bool)
    case request(RequestKind, RequestPoint)
}

extension NamedStep {
    /// What a table counts apart.
    enum Kind: String, CaseIterable, Sendable {
        case request, answer, store
    }

    var kind: Kind {
        switch self {
        case .store: .store
        case .request(_, .before): .request
        case .request: .answer
        }
    }

    /// The call or request: `rename new-document at stop`.
    var subject: String {
        switch self {
        case .store(let kind, let isStop):
            "\(kind.operation.rawValue) \(kind.file.rawValue)\(isStop ? " at stop" : "")"
        case .request(let kind, _): kind.description
        }
    }

    /// When, in its course.
    var point: String {
        switch self {
        case .store(let kind, _): kind.point.rawValue
        case .request(_, let point): point.rawValue
        }
    }
}

extension NamedStep {
    /// Whether it comes in the first starts of a run alone: when the state's folder is made, or the
    /// format of an earlier release is left behind.
    var isAtFirstStart: Bool {
        if case .store(let kind, _) = self, kind.operation == .makeFolder { true } else { isOfCopy }
    }

    /// Whether it is about a copy of a state of an earlier format.
    var isOfCopy: Bool {
        if case .store(let kind, _) = self { kind.isOfCopy } else { false }
    }
}

extension FileStep.Kind {
    /// Whether it is about a copy of a state of an earlier format.
    var isOfCopy: Bool { file == .copy || file == .newCopy }
}

/// When, in the course of a request to a BMC.
enum RequestPoint: String, Hashable, Sendable, CaseIterable {
    /// The request was sent, and the BMC does nothing: as if the daemon had died before it sent it.
    case before
    /// The BMC has done what it was asked to, and no answer is sent.
    case executed
    /// The answer is sent.
    case answered
}

extension NamedStep: CaseIterable {
    static let allCases: [NamedStep] =
        FileStep.Kind.allCases.map { .store($0, isStop: false) }
        + FileStep.Kind.allCases.filter(isInLastFold).map { .store($0, isStop: true) }
        + RequestKind.allCases.flatMap { kind in
            RequestPoint.allCases.map { .request(kind, $0) }
        }

    /// The journal is folded for the last time when the daemon stops.
    private static func isInLastFold(_ kind: FileStep.Kind) -> Bool {
        switch (kind.operation, kind.file) {
        case (_, .newDocument), (.syncFolder, .document), (.remove, .segment): true
        default: false
        }
    }
}

extension NamedStep: LosslessStringConvertible {
    init?(_ text: String) {
        guard let step = Self.allCases.first(where: { $0.description == text }) else { return nil }
        self = step
    }

    var description: String { "\(point) \(subject)" }
}
