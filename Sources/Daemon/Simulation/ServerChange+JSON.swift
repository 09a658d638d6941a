import Core
import InfraKit
import Simulator

extension ServerChange {
    /// As it goes over the control socket.
    var json: JSONObject {
        var members = JSONObject()
        members["Health"] = health.map { .string($0.word) }
        members["Reason"] = reason.map(JSON.string)
        members["Power"] = power.map { .string($0.rawValue) }
        members["Reachable"] = isReachable.map(JSON.bool)
        members["Dialects"] = dialects.map { dialects in
            .array(dialects.map(\.rawValue).sorted().map(JSON.string))
        }
        return members
    }

    /// - Throws: ``CommandError``, which names what there is.
    init(_ params: JSON) throws {
        health = try params["Health"]?.string.map { word in
            guard let health = SimulatedHealth(word: word) else {
                throw Self.unknown("health", word, SimulatedHealth.allCases.map(\.word))
            }
            return health
        }
        reason = params["Reason"]?.string
        power = try params["Power"]?.string.map { word in
            guard let power = [PowerState.on, .off].first(where: { $0.rawValue == word }) else {
                throw Self.unknown("power", word, ["On", "Off"])
            }
            return power
        }
        isReachable = params["Reachable"]?.bool
        dialects = try params["Dialects"]?.array.map { names in
            Set(
                try names.map { name in
                    let word = name.string ?? "\(name)"
                    guard let dialect = Dialect(rawValue: word) else {
                        throw Self.unknown("dialect", word, Dialect.allCases.map(\.rawValue))
                    }
                    return dialect
                })
        }
    }

    private static func unknown(_ kind: String, _ word: String, _ known: [String]) -> CommandError {
        let nearest = Spelling.nearest(to: word, among: known)
        let advice =
            nearest.map { "did you mean \($0)?" } ?? "one of \(known.joined(separator: ", "))"
        return CommandError(description: "there is no \(kind) \(word); \(advice)")
    }
}
