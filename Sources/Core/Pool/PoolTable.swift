/// The pool's rules, without a store and without waiting: which array a device is in, which one is
/// chosen for a spec, what is described.
///
/// A device is in exactly one of three arrays: `available`, `active` (claimed and working) and
/// `nonFunctional`. Everything that a request needs is kept in indexes; only the text of a refusal
/// looks at many devices.
struct PoolTable {
    var entries: [RecordKey: Entry] = [:]
    private(set) var counts: [Category: Int] = [:]
    /// Looking for a device tidies these two: see ``ClaimableIndex``.
    var claimable = ClaimableIndex()
    var foreign = ClaimableIndex()
    private(set) var sick: Set<String> = []
    private(set) var instances = InstanceIndex()
    private(set) var spread = SpreadCounts()
    private(set) var labelValues: [String: Set<String>] = [:]
    private(set) var hostnames: [String: String] = [:]
    private(set) var lastCarriers = LastCarriers()
    /// By what the machines are known that looks have seen.
    var identities = IdentityIndex()
    /// By what the machines are known that are claimed.
    var claimed = IdentityIndex()
    /// The records of instances that are to hold a logical ID as soon as that is durable.
    private var inTheMaking: [LogicalIDKey: RecordKey] = [:]

    /// Whether a logical ID is given on though its machine can't be confirmed off.
    var fence = SynchroniserSettings.Fence.required

    /// A pool of the inventory's devices as the store has them.
    init(inventory: [Device], stored: [DeviceRecord]) {
        for record in stored {
            entries[record.key] = Entry(record: record)
            enter(record.key)
            noteClaimedMachine(of: record.key)
        }
        setInventory(inventory)
    }

    // MARK: Devices

    /// Replaces the inventory. A device that is no longer listed stays while its record says
    /// something. Records stay where they are: see ``InventoryPlan``.
    mutating func setInventory(_ devices: [Device]) {
        let listed = Set(devices.map { RecordKey.device($0.name) })
        for key in Array(entries.keys) where key.deviceName != nil && !listed.contains(key) {
            change(key) { $0.isListed = false }
            if entries[key]?.record.claim == nil { forgetSighting(of: key) }
            dropIfUnknown(key)
        }
        labelValues = [:]
        hostnames = [:]
        for (index, device) in devices.enumerated() {
            let key = RecordKey.device(device.name)
            if entries[key] == nil {
                entries[key] = Entry(record: DeviceRecord(key: key))
                enter(key)
            }
            if let before = entries[key]?.device, before.address != device.address {
                forgetMachine(of: key)
            }
            change(key) { entry in
                entry.device = device
                entry.isListed = true
                entry.lacksMedia = false
                entry.inventoryIndex = Int64(index)
            }
            for (label, value) in device.labels { labelValues[label, default: []].insert(value) }
            if let hostname = device.hostname { hostnames[hostname] = device.name }
        }
        for key in Array(entries.keys) { findTwin(of: key) }
    }

    /// What was learnt of a machine says nothing about the one at another address.
    private mutating func forgetMachine(of key: RecordKey) {
        change(key) { entry in
            entry.observation = nil
            entry.lastAnswer = nil
            entry.facts = nil
            entry.hasLastingFacts = false
        }
        forgetSighting(of: key)
    }

    /// Takes what was learnt of machines along to the names that their devices have from now on.
    mutating func moveMachines(_ moves: [InventoryPlan.Move]) {
        let moved = moves.map { ($0, entries[.device($0.from)]) }
        for (move, _) in moved { forgetMachine(of: .device(move.from)) }
        for (move, old) in moved {
            guard let old else { continue }
            let key = RecordKey.device(move.to)
            if entries[key] == nil {
                entries[key] = Entry(record: DeviceRecord(key: key))
                enter(key)
            }
            change(key) { entry in
                entry.device = old.device
                entry.observation = old.observation
                entry.lastAnswer = old.lastAnswer
                entry.facts = old.facts
                entry.hasLastingFacts = old.hasLastingFacts
                entry.lacksMedia = old.lacksMedia
            }
            takeSighting(old.sighting, to: key)
        }
    }

    /// Notes what a look at a device said.
    mutating func note(_ observation: Observation, of key: RecordKey) {
        guard let old = entries[key]?.observation else {
            change(key) { $0.observation = observation }
            return
        }
        // The indexes change only with power and health.
        if old.power == observation.power && old.health == observation.health {
            entries[key]?.observation = observation
        } else {
            change(key) { $0.observation = observation }
        }
    }

    /// Notes what a device is made of.
    /// - Parameter areLasting: whether they need not be asked for again.
    mutating func note(_ facts: Facts, areLasting: Bool, of key: RecordKey) {
        entries[key]?.areFactsDoubted = false
        guard let entry = entries[key],
            entry.facts != facts || entry.hasLastingFacts != areLasting
        else { return }
        change(key) { entry in
            entry.facts = facts
            entry.hasLastingFacts = areLasting
        }
    }

    /// Has the facts of all devices, or of one, asked for again.
    mutating func doubtFacts(of key: RecordKey? = nil) {
        for key in key.map({ [$0] }) ?? Array(entries.keys) { entries[key]?.areFactsDoubted = true }
    }

    /// Notes that a device has no drive for virtual media.
    mutating func noteLackOfMedia(of key: RecordKey) {
        entries[key]?.lacksMedia = true
    }

    /// Takes over a record that is durable now; it ends the device's reservation if it has a claim.
    mutating func apply(_ record: DeviceRecord) {
        if entries[record.key] == nil {
            entries[record.key] = Entry(record: record)
            enter(record.key)
            noteClaimedMachine(of: record.key)
            return
        }
        change(record.key) { entry in
            entry.record = record
            if record.claim != nil { entry.reservation = nil }
        }
        if record.claim == nil {
            entries[record.key]?.sighting.forgetMismatch()
            // Nobody will look at it, so nothing is to be kept for it.
            if entries[record.key]?.isListed == false { forgetSighting(of: record.key) }
        }
        noteClaimedMachine(of: record.key)
        dropIfUnknown(record.key)
    }

    private mutating func dropIfUnknown(_ key: RecordKey) {
        guard let entry = entries[key], !entry.isListed, entry.record.isBlank,
            entry.reservation == nil
        else { return }
        forgetSighting(of: key)
        leave(key)
        entries[key] = nil
    }

    mutating func releaseReservation(of name: String) {
        change(.device(name)) { $0.reservation = nil }
    }

    mutating func setHeld(_ isHeld: Bool, of name: String) {
        change(.device(name)) { $0.isHeld = isHeld }
    }

    // MARK: Indexes

    mutating func change(_ key: RecordKey, _ body: (inout Entry) -> Void) {
        guard var entry = entries[key] else { return }
        leave(key)
        body(&entry)
        entries[key] = entry
        enter(key)
    }

    private mutating func enter(_ key: RecordKey) {
        guard let entry = entries[key] else { return }
        if let claim = entry.record.claim {
            instances.insert(claim, key: key, hostname: entry.device?.hostname)
        }
        if let occupant = entry.occupant, let device = entry.device {
            spread.add(occupant, on: device)
        }
        guard let name = key.deviceName else { return }
        let category = entry.category
        counts[category, default: 0] += 1
        let kind = entry.hasLastingFacts ? entry.facts.map(MachineKind.init) : nil
        switch (category, entry.device) {
        case (.claimable, let device?):
            claimable.insert(
                name, order: entry.availableOrder, labels: device.labels, kind: kind)
        case (.foreign, let device?):
            foreign.insert(name, order: entry.availableOrder, labels: device.labels, kind: kind)
        case (.sick, _): sick.insert(name)
        default: break
        }
        if let carrier = entry.lastCarrier { lastCarriers.insert(carrier, on: name) }
    }

    private mutating func leave(_ key: RecordKey) {
        guard let entry = entries[key] else { return }
        if let claim = entry.record.claim { instances.remove(claim) }
        if let occupant = entry.occupant, let device = entry.device {
            spread.remove(occupant, on: device)
        }
        guard let name = key.deviceName else { return }
        counts[entry.category, default: 0] -= 1
        claimable.remove(name)
        foreign.remove(name)
        sick.remove(name)
        if let carrier = entry.record.lastCarrier { lastCarriers.remove(carrier, on: name) }
    }

    // MARK: Logical IDs

    /// Chooses a device for a spec and reserves it.
    /// - Parameter excluded: devices that were tried in vain.
    mutating func reserve(
        _ spec: ClaimSpec, _ properties: SpecProperties, excluding excluded: Set<String>
    ) throws(PlacementError) -> Device {
        let logicalID = spec.logicalID.map { LogicalIDKey(logicalID: $0, group: spec.group) }
        if let logicalID { try checkVacancy(of: logicalID, for: nil) }
        guard let name = choose(spec, properties, excluding: excluded),
            let device = entries[.device(name)]?.device
        else { throw refusal(properties, excluding: excluded) }
        change(.device(name)) { $0.reservation = spec }
        if let logicalID { inTheMaking[logicalID] = .device(name) }
        return device
    }

    /// Keeps a logical ID for a record until ``endMaking(_:by:)``: nobody else gets it while the
    /// instance that is to hold it is not durable yet.
    /// - Parameter isToRun: whether the instance's machine is to run; one that is powered off may
    ///   hold it beside another that runs.
    mutating func beginMaking(
        _ key: LogicalIDKey, by record: RecordKey, isToRun: Bool
    ) throws(PlacementError) {
        try checkVacancy(of: key, for: record, isToRun: isToRun)
        inTheMaking[key] = record
    }

    mutating func endMaking(_ key: LogicalIDKey, by record: RecordKey) {
        if inTheMaking[key] == record { inTheMaking[key] = nil }
    }

    /// Makes sure that nobody else holds a logical ID, is about to, or runs under it still.
    private func checkVacancy(
        of key: LogicalIDKey, for record: RecordKey?, isToRun: Bool = true
    ) throws(PlacementError) {
        if let holder = instances.holder(of: key), instances.key(of: holder) != record {
            throw .logicalIDInUse(key, instance: holder)
        }
        if let maker = inTheMaking[key], maker != record {
            throw .logicalIDInTheMaking(key, device: maker.deviceName ?? "")
        }
        guard isToRun else { return }
        for other in instances.failedCarriers(of: key).sorted(by: { "\($0)" < "\($1)" })
        where other != record {
            guard let claim = entries[other]?.record.claim else { continue }
            if let place = place(of: other) {
                guard entries[place]?.observation?.power == .on else { continue }
                throw .logicalIDRunning(key, instance: claim.id, device: place.deviceName ?? "")
            }
            if let device = unseen(since: other) {
                throw .logicalIDAstray(key, instance: claim.id, device: device)
            }
            guard fence == .required, claim.state.failure?.cause == .otherMachine else { continue }
            throw .logicalIDLost(key, instance: claim.id)
        }
    }
}
