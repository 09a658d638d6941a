import Foundation

@testable import Core
@testable import TestSupport

/// The rules over a few devices, whose moves are made as the pool would make them.
struct RulesBench {
    var rules: SynchroniserRules
    var now: Duration = .zero
    /// The instances that hold logical IDs.
    var holders: [String: String] = [:]
    /// The instances whose configuration is not their group's newest.
    var outdated: Set<String> = []
    /// How far apart looks must be to count.
    var distance: Duration = .seconds(22)
    /// What the pool says of a device beside its claim.
    var cordoned: Set<String> = []
    var mismatches: [String: String] = [:]
    var generations: [String: Int] = [:]
    var bmcs: [String: String] = [:]
    static let failure = ClaimState.Failure(
        since: Date(timeIntervalSince1970: 0), reasons: [])
    private(set) var claims: [String: Claim] = [:]
    private var names: [String] = []

    /// `count` devices `d1`, `d2`, …, of which the first `claimed` are active instances `i1`, ….
    init(
        _ count: Int, claimed: Int = 0, logicalID: String? = nil,
        _ configure: (inout SynchroniserSettings) -> Void = { _ in }
    ) {
        var settings = SynchroniserSettings()
        configure(&settings)
        rules = SynchroniserRules(settings: settings)
        names = (1...count).map { "d\($0)" }
        for number in 1...count where number <= claimed {
            claims["d\(number)"] = Claim(
                id: "i\(number)", spec: .group("g", logicalID: logicalID), state: .running,
                claimedAt: nil, order: Int64(number))
        }
    }

    mutating func change(_ name: String, _ body: (inout Claim) -> Void) {
        guard var claim = claims[name] else { return }
        body(&claim)
        claims[name] = claim
    }

    mutating func claim(_ name: String, _ claim: Claim?) { claims[name] = claim }

    mutating func free(_ name: String) { claims[name] = nil }

    mutating func fail(_ name: String) {
        change(name) { $0.state = .failed(Self.failure) }
    }

    /// Judges a round and makes the moves.
    @discardableResult
    mutating func round(
        _ looks: [String: Look], after pause: Duration = .seconds(30)
    ) -> [SynchroniserAction] {
        now += pause
        let holders = holders
        let knowledge = SynchroniserRules.Knowledge(
            holder: { holders[$0.logicalID] }, outdated: outdated)
        let actions = rules.evaluate(looks, statuses, knowledge, distance: distance, at: now)
        for action in actions {
            switch action {
            case .fail(let id, _): fail("d" + id.dropFirst())
            case .recover(let id): change("d" + id.dropFirst()) { $0.state = .running }
            case .release(let id, _):
                change("d" + id.dropFirst()) { $0.state = .discarding(Self.failure) }
            default: break
            }
        }
        return actions
    }

    /// Judges a round in which the first `failing` devices fail and the others are well.
    @discardableResult
    mutating func round(failing: Int) -> [SynchroniserAction] {
        var looks: [String: Look] = [:]
        for (index, name) in names.enumerated() {
            looks[name] = index < failing ? .letter("u") : .letter(claims[name] == nil ? "o" : "g")
        }
        return round(looks)
    }

    /// Judges a round a letter for `d1`; returns what was done in each.
    mutating func rounds(_ letters: String) -> [[SynchroniserAction]] {
        letters.map { round(["d1": .letter($0)]) }
    }

    private var statuses: [DeviceStatus] {
        names.map { name in
            var entry = PoolTable.Entry(
                device: Device(name: name, bmc: bmcs[name] ?? "fake://\(name)"), isListed: true,
                record: DeviceRecord(
                    key: .device(name), claim: claims[name],
                    cordon: cordoned.contains(name)
                        ? Cordon(since: Date(timeIntervalSince1970: 0)) : nil))
            entry.sighting.mismatch = mismatches[name]
            entry.sighting.generation = generations[name] ?? 0
            return DeviceStatus(name: name, entry, whereabouts: nil)
        }
    }
}

extension Look {
    /// `g`ood and on, good as far as it was read (`p`artly), `o`ff, `w`arning, `c`ritical, criti`C`al and off, `u`nreachable,
    /// `r`efused, `b`usy.
    static func letter(_ letter: Character) -> Look {
        func seen(_ power: PowerState, _ health: Health, isComplete: Bool = true) -> Look {
            .seen(
                Observation(
                    power: power, health: health, reasons: health == .critical ? ["PSU 2"] : [],
                    date: Date(timeIntervalSince1970: 0), isComplete: isComplete))
        }
        return switch letter {
        case "g": seen(.on, .ok)
        case "p": seen(.on, .ok, isComplete: false)
        case "o": seen(.off, .ok)
        case "w": seen(.on, .warning)
        case "c": seen(.on, .critical)
        case "C": seen(.off, .critical)
        case "u": .failed(reason: "no answer")
        case "r": .refused(reason: "401")
        default: .inconclusive
        }
    }
}
