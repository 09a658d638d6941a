/// The pool's rules, without a store and without waiting: which array a device is in, which one is
/// chosen for a spec, what is described.
///
/// A device is in exactly one of three arrays: `available`, `active` (claimed and working) and
/// `nonFunctional`. Everything that a request needs is kept in indexes; only the text of a refusal
/// looks at many devices.
struct PoolTable {
    private(set) var slots: [RecordKey: Slot] = [:]
    private(set) var counts: [Category: Int] = [:]
    /// Looking for a device tidies these two: see ``ClaimableIndex``.
    var claimable = ClaimableIndex()
    var foreign = ClaimableIndex()
    private(set) var sick: Set<String> = []
    private(set) var instances = InstanceIndex()
    private(set) var spread = SpreadCounts()
    private(set) var labelValues: [String: Set<String>] = [:]
    private(set) var hostnames: [String: String] = [:]
    private(set) var lastCarriers: [String: String] = [:]
    /// The devices of instances that are to carry a logical ID as soon as that is durable.
    private var inTheMaking: [LogicalIDKey: String] = [:]
    private var nextReleaseOrder: Int64 = 1 << 40
    private var nextBackOrder: Int64 = 0
    private var claimOrderBase: Int64 = 0
    private var nextFrontOrder: Int64 = -1

    /// A pool of the inventory's devices as the store has them.
    init(inventory: [Device], stored: [DeviceRecord]) {
        for record in stored {
            slots[record.key] = Slot(record: record)
            enter(record.key)
        }
        claimOrderBase = instances.highestOrder + 1
        setInventory(inventory)
    }

    // MARK: Devices

    /// Replaces the inventory. A device that is no longer listed stays while it is claimed.
    mutating func setInventory(_ devices: [Device]) {
        let listed = Set(devices.map { RecordKey.device($0.name) })
        for key in slots.keys where key.deviceName != nil && !listed.contains(key) {
            change(key) { $0.isListed = false }
        }
        labelValues = [:]
        hostnames = [:]
        for (index, device) in devices.enumerated() {
            let key = RecordKey.device(device.name)
            if slots[key] == nil {
                slots[key] = Slot(record: DeviceRecord(key: key))
                enter(key)
            }
            change(key) { slot in
                slot.device = device
                slot.isListed = true
                slot.lacksMedia = false
                slot.inventoryIndex = Int64(index)
            }
            for (label, value) in device.labels { labelValues[label, default: []].insert(value) }
            if let hostname = device.hostname { hostnames[hostname] = device.name }
        }
    }

    /// Notes what a look at a device said.
    mutating func note(_ observation: Observation, of key: RecordKey) {
        guard let old = slots[key]?.observation else {
            change(key) { $0.observation = observation }
            return
        }
        // The indexes change only with power and health.
        if old.power == observation.power && old.health == observation.health {
            slots[key]?.observation = observation
        } else {
            change(key) { $0.observation = observation }
        }
    }

    /// Notes what a device is made of.
    mutating func note(_ facts: Facts, of key: RecordKey) {
        guard slots[key]?.facts != facts else { return }
        change(key) { $0.facts = facts }
    }

    /// Notes that a device has no drive for virtual media.
    mutating func noteLackOfMedia(of key: RecordKey) {
        slots[key]?.lacksMedia = true
    }

    /// Takes over a record that is durable now; it ends the device's reservation if it has a claim.
    mutating func apply(_ record: DeviceRecord) {
        if slots[record.key] == nil {
            slots[record.key] = Slot(record: record)
            enter(record.key)
            return
        }
        change(record.key) { slot in
            slot.record = record
            if record.claim != nil { slot.reservation = nil }
        }
        if let slot = slots[record.key], !slot.isListed, slot.record.isBlank {
            leave(record.key)
            slots[record.key] = nil
        }
    }

    mutating func releaseReservation(of name: String) {
        change(.device(name)) { $0.reservation = nil }
    }

    mutating func setHeld(_ isHeld: Bool, of name: String) {
        change(.device(name)) { $0.isHeld = isHeld }
    }

    /// The place at the end of `available` for a device that is released now.
    mutating func takeReleaseOrder() -> Int64 {
        defer { nextReleaseOrder += 1 }
        return nextReleaseOrder
    }

    /// The place in `active` of the claim with the given sequence number: behind all that were
    /// there at the start, and in the same order as the IDs.
    func order(ofClaim sequence: UInt64) -> Int64 {
        claimOrderBase + Int64(clamping: sequence)
    }

    /// The place at the end of `nonFunctional` for an instance that fails now.
    mutating func takeBackOrder() -> Int64 {
        let order = max(nextBackOrder, instances.highestOrder + 1)
        nextBackOrder = order + 1
        return order
    }

    /// The place at the front of `active` for an instance that returns now.
    mutating func takeFrontOrder() -> Int64 {
        let order = min(nextFrontOrder, instances.lowestOrder - 1)
        nextFrontOrder = order - 1
        return order
    }

    // MARK: Indexes

    private mutating func change(_ key: RecordKey, _ body: (inout Slot) -> Void) {
        guard var slot = slots[key] else { return }
        leave(key)
        body(&slot)
        slots[key] = slot
        enter(key)
    }

    private mutating func enter(_ key: RecordKey) {
        guard let slot = slots[key] else { return }
        if let claim = slot.record.claim {
            instances.insert(claim, key: key, hostname: slot.device?.hostname)
        }
        if let occupant = slot.occupant, let device = slot.device {
            spread.add(occupant, on: device)
        }
        guard let name = key.deviceName else { return }
        let category = slot.category
        counts[category, default: 0] += 1
        let kind = slot.facts.map(MachineKind.init)
        switch (category, slot.device) {
        case (.claimable, let device?):
            claimable.insert(name, turn: slot.turn, labels: device.labels, kind: kind)
        case (.foreign, let device?):
            foreign.insert(name, turn: slot.turn, labels: device.labels, kind: kind)
        case (.sick, _): sick.insert(name)
        default: break
        }
        if let logicalID = slot.record.lastLogicalID { lastCarriers[logicalID] = name }
        if let order = slot.record.releaseOrder {
            nextReleaseOrder = max(nextReleaseOrder, order + 1)
        }
    }

    private mutating func leave(_ key: RecordKey) {
        guard let slot = slots[key] else { return }
        if let claim = slot.record.claim { instances.remove(claim) }
        if let occupant = slot.occupant, let device = slot.device {
            spread.remove(occupant, on: device)
        }
        guard let name = key.deviceName else { return }
        counts[slot.category, default: 0] -= 1
        claimable.remove(name)
        foreign.remove(name)
        sick.remove(name)
        if let logicalID = slot.record.lastLogicalID, lastCarriers[logicalID] == name {
            lastCarriers[logicalID] = nil
        }
    }

    // MARK: Placement

    /// Chooses a device for a spec and reserves it.
    /// - Parameter excluded: devices that were tried in vain.
    mutating func reserve(
        _ spec: ClaimSpec, _ properties: SpecProperties, excluding excluded: Set<String>
    ) throws(PlacementError) -> Device {
        if let logicalID = spec.logicalID,
            let other = instances.carrier(of: logicalID, group: spec.group)
        {
            throw .logicalIDInUse(logicalID, group: spec.group, instance: other)
        }
        try checkLogicalIDInTheMaking(of: spec)
        guard let name = choose(spec, properties, excluding: excluded),
            let device = slots[.device(name)]?.device
        else { throw refusal(properties, excluding: excluded) }
        change(.device(name)) { $0.reservation = spec }
        beginMaking(spec, on: name)
        return device
    }

    /// Keeps a spec's logical ID for a device until ``endMaking(_:)``: nobody else gets it while the
    /// instance that is to carry it is not durable yet.
    mutating func beginMaking(_ spec: ClaimSpec, on name: String) {
        guard let logicalID = spec.logicalID else { return }
        inTheMaking[LogicalIDKey(logicalID: logicalID, group: spec.group)] = name
    }

    mutating func endMaking(_ spec: ClaimSpec) {
        guard let logicalID = spec.logicalID else { return }
        inTheMaking[LogicalIDKey(logicalID: logicalID, group: spec.group)] = nil
    }

    func checkLogicalIDInTheMaking(of spec: ClaimSpec) throws(PlacementError) {
        guard let logicalID = spec.logicalID,
            let name = inTheMaking[LogicalIDKey(logicalID: logicalID, group: spec.group)]
        else { return }
        throw .logicalIDInTheMaking(logicalID, group: spec.group, device: name)
    }
}
