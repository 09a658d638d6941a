import Core
import StateFile
import Randomness

/// When the daemon dies.
enum KillMoment: Sendable, CustomStringConvertible {
    /// After a while under load.
    case after(Duration)
    /// At a named step.
    /// - Parameters:
    ///   - number: at which of the calls or requests of that kind, counted from 1.
    ///   - stop: after which time under load the daemon is told to stop; nil if it isn't.
    case step(NamedStep, number: Int, stop: Duration?)

    var name: NamedStep? {
        if case .step(let name, _, _) = self { name } else { nil }
    }

    /// The step at which the daemon ends itself.
    var fileStep: FileStep? {
        if case .step(.store(let kind, _), let number, _) = self {
            FileStep(kind, number)
        } else {
            nil
        }
    }

    /// After which time under load the daemon is told to stop.
    var stop: Duration? {
        if case .step(_, _, let stop) = self { stop } else { nil }
    }

    /// What a load has more of than usual, so that the moment comes soon.
    enum Emphasis: Sendable {
        /// Instances with a medium.
        case media
        /// Operating systems that don't shut down by themselves.
        case force
    }

    var emphasis: Emphasis? {
        guard case .step(.request(let kind, _), _, _) = self else { return nil }
        return kind.isOfMedia ? .media : kind.isForced ? .force : nil
    }

    /// What operators are to do with machines' power, so that the moment comes soon: `cycle`, and with
    /// which provider.
    var wantedPower: (action: String, provider: String)? {
        guard case .step(.request(let kind, _), _, _) = self else { return nil }
        return kind.operatorsPower
    }

    /// How long a load may go on without bringing the moment about.
    var longestLoad: Duration {
        if case .after(let time) = self { time } else { .seconds(4) }
    }

    var description: String {
        switch self {
        case .after(let time): "after \(time)"
        case .step(let name, let number, _): "\(name), number \(number)"
        }
    }
}
