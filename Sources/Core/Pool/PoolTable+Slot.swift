extension PoolTable {
    /// What the pool knows about one device, or about an instance without a device.
    struct Slot {
        var device: Device?
        /// Whether the inventory lists the device.
        var isListed = false
        var record: DeviceRecord
        /// The spec for which the device is being claimed, until the claim is durable.
        var reservation: ClaimSpec?
        /// Whether an operator's command is switching the device's power.
        var isHeld = false
        var observation: Observation?
        var facts: Facts?
        /// Whether the device was found to have no drive for virtual media.
        var lacksMedia = false
        /// The place in `available` among devices that were never released.
        var inventoryIndex: Int64 = 0

        /// The place in `available`.
        var turn: Int64 { record.releaseOrder ?? inventoryIndex }
        /// The spec that occupies the device.
        var occupant: ClaimSpec? { record.claim?.spec ?? reservation }

        var category: Category {
            if let claim = record.claim { return claim.isNonFunctional ? .nonFunctional : .claimed }
            if reservation != nil { return .claimed }
            if !isListed { return .unlisted }
            if record.cordon != nil { return .cordoned }
            if isHeld { return .held }
            guard let observation else { return .claimable }
            if observation.health >= .critical { return .sick }
            return observation.power == .on || observation.power == .poweringOn
                ? .foreign : .claimable
        }

        /// Why a free device does not do for a spec, or nil if it does as far as is known.
        func objection(to properties: SpecProperties) -> String? {
            for (label, value) in properties.selector where device?.labels[label] != value {
                return "lacks \(label)=\(value)"
            }
            if properties.media != nil, lacksMedia { return "lacks virtual media" }
            return facts.flatMap { properties.require.objection(to: $0) }
        }
    }

    /// Why a device can be claimed, or can't.
    enum Category: Hashable {
        case claimable
        case claimed
        case nonFunctional
        case cordoned
        /// An operator's command is at it.
        case held
        case sick
        /// Free, and running something that we did not start.
        case foreign
        /// Not in the inventory.
        case unlisted
    }
}
