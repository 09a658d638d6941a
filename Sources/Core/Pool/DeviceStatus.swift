public import Foundation

/// Everything the pool knows about a device at one moment.
public struct DeviceStatus: Sendable, Hashable {
    public let name: String
    /// The device as the inventory lists it, or listed it before it was dropped.
    public let device: Device?
    public let isListed: Bool
    /// The machine that the record is about: as it was when it was claimed.
    public let machine: Machine?
    public let claim: Claim?
    public let cordon: Cordon?
    /// What the last look said; `unreachable` or `refused` if it failed.
    public let observation: Observation?
    /// When the BMC last gave an answer that says something.
    public let lastAnswer: Date?
    /// Since when the BMC has answered without falling silent, as ``TimeSource/uptime`` gives it.
    let answeringSince: Duration?
    public let facts: Facts?
    /// Whether what `Require` may ask for is known, so that it need not be asked again.
    let hasLastingFacts: Bool
    /// Whether the facts are to be read again at the next look.
    let areFactsDoubted: Bool
    /// What looks have said of the machine that stands here.
    public let identity: SystemIdentity
    /// Another device that is the same machine.
    public let twin: String?
    /// Why the machine that stands here is not the claimed one.
    public let mismatch: String?
    /// The device at which the claimed machine was seen, while another stands here.
    public let whereabouts: String?
    /// Whether the device is free and runs: nobody claims what runs there.
    public let isForeign: Bool
    /// Whether a claim is being made on the device right now.
    public let isReserved: Bool
    /// Whether an operator's command is switching the device's power.
    public let isHeld: Bool
    /// When an operator's command that leads to On was sent that may act yet.
    public let unconfirmedOn: Date?
    /// Counts the machines that stood here since the daemon's start.
    let generation: Int
    private let availableOrder: Int64

    /// The arrays of the pool.
    public enum Array: String, Sendable, Hashable, CaseIterable {
        case available, active, nonFunctional
    }

    /// The array that the device is in.
    public var array: Array {
        guard let claim else { return .available }
        return claim.state.isDescribed ? .active : .nonFunctional
    }

    init(name: String, _ entry: PoolTable.Entry, whereabouts: String?) {
        self.whereabouts = whereabouts
        self.name = name
        device = entry.device
        isListed = entry.isListed
        machine = entry.record.machine
        claim = entry.record.claim
        cordon = entry.record.cordon
        observation = entry.observation
        lastAnswer = entry.lastAnswer
        answeringSince = entry.sighting.answeringSince
        facts = entry.facts
        hasLastingFacts = entry.hasLastingFacts
        areFactsDoubted = entry.areFactsDoubted
        identity = entry.sighting.identity
        twin = entry.twin
        mismatch = entry.record.claim == nil ? nil : entry.sighting.mismatch
        generation = entry.sighting.generation
        isReserved = entry.reservation != nil
        isHeld = entry.isHeld
        unconfirmedOn = entry.record.unconfirmedOn
        isForeign = entry.category == .foreign
        availableOrder = entry.availableOrder
    }

    /// Why the device is where it is, and what is odd about it; what a person must act on first.
    public var reasons: [String] {
        var reasons: [String] = []
        func add(_ reason: String) {
            if !reasons.contains(reason) { reasons.append(reason) }
        }
        if let mismatch {
            let way = whereabouts.map {
                "; the claimed one stands at \($0): list \(name) at its address, and have the inventory"
                    + " read again"
            }
            add(mismatch + (way ?? ""))
        }
        if let twin { add("is the same machine as \(twin)") }
        if claim != nil, !isListed { add("claimed, and not in the inventory: list it again") }
        if let unconfirmedOn {
            add(
                "an On of \(unconfirmedOn.timestamp) was not confirmed and may act yet: not claimed"
            )
        }
        for reason in claim?.state.failure?.reasons ?? [] { add(reason) }
        for reason in observation?.reasons ?? [] { add(reason) }
        return reasons
    }

    var rank: Rank {
        let array =
            switch array {
            case .active: 0
            case .nonFunctional: 1
            case .available: 2
            }
        return Rank(array: array, order: claim?.order ?? availableOrder, name: name)
    }

    struct Rank: Comparable {
        let array: Int
        let order: Int64
        let name: String

        static func < (left: Rank, right: Rank) -> Bool {
            (left.array, left.order, left.name) < (right.array, right.order, right.name)
        }
    }
}
