internal import Foundation

extension PoolTable {
    /// What the pool knows about one device, or about an instance without a device.
    struct Entry {
        var device: Device?
        /// Whether the inventory lists the device.
        var isListed = false
        var record: DeviceRecord
        /// The spec for which the device is being claimed, until the claim is durable.
        var reservation: ClaimSpec?
        /// Whether an operator's command is switching the device's power.
        var isHeld = false
        /// What the last look said; `unreachable` or `refused` if it failed.
        var observation: Observation?
        /// When a look last got an answer that says something.
        var lastAnswer: Date?
        var facts: Facts?
        /// Whether the facts were read while the machine was seen on, or tell all that may be asked.
        var hasLastingFacts = false
        /// Whether the facts are to be read again at the next look.
        var areFactsDoubted = false
        /// Whether the device was found to have no drive for virtual media.
        var lacksMedia = false
        /// The place in `available` among devices that were never released.
        var inventoryIndex: Int64 = 0
        /// What is known of the machine that stands here.
        var sighting = Sighting()
        /// Another device that is the same machine.
        var twin: String?
        /// Another device whose BMC is the same under another spelling, whatever looks say.
        var alias: String?

        /// The place in `available`: devices that were never released come first.
        var availableOrder: Int64 {
            record.releaseOrder ?? inventoryIndex - Self.neverReleased
        }
        private static let neverReleased: Int64 = 1 << 40

        /// Where the machine stands, as far as anybody has said.
        var address: MachineAddress? { device?.address ?? record.machine?.address }

        /// By what the machine is known that is claimed; nil if none is.
        var claimedIdentity: SystemIdentity? {
            guard record.claim != nil, let machine = record.machine else { return nil }
            return PoolTable.without(machine.unreliable, machine.identity)
        }

        /// The spec that occupies the device.
        var occupant: ClaimSpec? { record.claim?.spec ?? reservation }

        /// The logical ID that the disks of the machine that stands here hold.
        var lastCarrier: LastCarrier? {
            guard let carrier = record.lastCarrier else { return nil }
            if let machine = record.machine,
                machine.identity.comparison(with: sighting.identity).isSame == false
            {
                return nil
            }
            return carrier
        }

        var category: Category {
            if let claim = record.claim {
                return claim.state.isDescribed ? .claimed : .nonFunctional
            }
            if reservation != nil { return .claimed }
            if !isListed { return .unlisted }
            if record.cordon != nil { return .cordoned }
            if isHeld || record.unconfirmedOn != nil { return .held }
            if twin != nil { return .twin }
            guard let observation else { return .claimable }
            switch observation.health {
            case .refused: return .refused
            case .critical, .unreachable: return .sick
            case .ok, .warning: break
            }
            return observation.power == .on || observation.power == .poweringOn
                ? .foreign : .claimable
        }

        /// Why a free device does not do for a spec, or nil if it does as far as is known.
        func objection(to properties: SpecProperties) -> String? {
            for (label, value) in properties.selector where device?.labels[label] != value {
                return "lacks \(label)=\(value)"
            }
            if properties.media != nil, lacksMedia { return "lacks virtual media" }
            // What is not known yet, or was read while the machine was off, may be better.
            guard let facts, hasLastingFacts else { return nil }
            return properties.require.objection(to: facts)
        }
    }

    /// Why a device can be claimed, or can't.
    enum Category: Hashable {
        case claimable
        case claimed
        case nonFunctional
        case cordoned
        /// An operator's command is at it, or may act yet.
        case held
        /// Another device is the same machine.
        case twin
        /// Its BMC does not let us in.
        case refused
        case sick
        /// Free, and running.
        case foreign
        /// Not in the inventory.
        case unlisted
    }
}
