/// Everything the pool knows about a device at one moment.
public struct DeviceStatus: Sendable, Hashable {
    public let name: String
    /// The device as the inventory lists it, or listed it before it was dropped.
    public let device: Device?
    public let isListed: Bool
    public let claim: Claim?
    public let cordon: Cordon?
    public let observation: Observation?
    public let facts: Facts?
    /// Whether the device is free and runs something that we did not start.
    public let isForeign: Bool
    /// Whether a claim is being made on the device right now.
    public let isReserved: Bool
    /// Whether an operator's command is switching the device's power.
    public let isHeld: Bool
    private let turn: Int64

    /// The arrays of the pool.
    public enum Array: String, Sendable, Hashable, CaseIterable {
        case available, active, nonFunctional
    }

    /// The array that the device is in.
    public var array: Array {
        guard let claim else { return .available }
        return claim.isNonFunctional ? .nonFunctional : .active
    }

    init(name: String, _ slot: PoolTable.Slot) {
        self.name = name
        device = slot.device
        isListed = slot.isListed
        claim = slot.record.claim
        cordon = slot.record.cordon
        observation = slot.observation
        facts = slot.facts
        isReserved = slot.reservation != nil
        isHeld = slot.isHeld
        isForeign = slot.category == .foreign
        turn = slot.turn
    }

    var rank: Rank {
        let place =
            switch array {
            case .active: 0
            case .nonFunctional: 1
            case .available: 2
            }
        return Rank(array: place, order: claim?.order ?? turn, name: name)
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
