/// The pool's rules, without a store and without waiting: which array a device is in, which one is
/// chosen for a spec, what is described.
///
/// A device is in exactly one of three arrays: `available`, `active` (claimed and working) and
/// `nonFunctional`. Everything that a request needs is kept in indexes; only the text of a refusal
/// looks at many devices.
struct PoolTable {
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

    private(set) var slots: [RecordKey: Slot] = [:]
    private var counts: [Category: Int] = [:]
    private var claimable = ClaimableIndex()
    private var foreign = ClaimableIndex()
    private var sick: Set<String> = []
    private(set) var instances = InstanceIndex()
    private var spread = SpreadCounts()
    private var labelValues: [String: Set<String>] = [:]
    private var hostnames: [String: String] = [:]
    private var lastCarriers: [String: String] = [:]
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
        let category = Self.category(of: slot)
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
        counts[Self.category(of: slot), default: 0] -= 1
        claimable.remove(name)
        foreign.remove(name)
        sick.remove(name)
        if let logicalID = slot.record.lastLogicalID, lastCarriers[logicalID] == name {
            lastCarriers[logicalID] = nil
        }
    }

    static func category(of slot: Slot) -> Category {
        if let claim = slot.record.claim {
            return claim.isNonFunctional ? .nonFunctional : .claimed
        }
        if slot.reservation != nil { return .claimed }
        if !slot.isListed { return .unlisted }
        if slot.record.cordon != nil { return .cordoned }
        if slot.isHeld { return .held }
        guard let observation = slot.observation else { return .claimable }
        if observation.health >= .critical { return .sick }
        return observation.power == .on || observation.power == .poweringOn ? .foreign : .claimable
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

    private mutating func choose(
        _ spec: ClaimSpec, _ properties: SpecProperties, excluding excluded: Set<String>
    ) -> String? {
        let slots = slots
        let fits: (String) -> Bool = { name in
            guard let slot = slots[.device(name)], !excluded.contains(name) else { return false }
            return Self.objection(slot, properties) == nil
        }
        if let logicalID = spec.logicalID {
            let wanted = [logicalID, hostnames[logicalID], lastCarriers[logicalID]].compactMap {
                $0
            }
            for name in wanted where isOffered(name, to: properties) && fits(name) { return name }
        }
        if let name = choose(from: \.claimable, spec, properties, fits) { return name }
        return properties.powerOff ? choose(from: \.foreign, spec, properties, fits) : nil
    }

    private func isOffered(_ name: String, to properties: SpecProperties) -> Bool {
        switch slots[.device(name)].map(Self.category(of:)) {
        case .claimable: true
        case .foreign: properties.powerOff
        default: false
        }
    }

    private mutating func choose(
        from index: WritableKeyPath<PoolTable, ClaimableIndex>, _ spec: ClaimSpec,
        _ properties: SpecProperties, _ fits: (String) -> Bool
    ) -> String? {
        if let label = properties.spread {
            let values = (labelValues[label] ?? []).sorted { left, right in
                let counts = (
                    spread.count(of: spec.group, label: label, value: left),
                    spread.count(of: spec.group, label: label, value: right)
                )
                return (counts.0, left) < (counts.1, right)
            }
            for value in values {
                let key = ClaimableIndex.Key.label(label, value: value)
                if let found = self[keyPath: index].first(under: key, where: fits) {
                    return found.name
                }
            }
        }
        let labels = properties.selector.map { ClaimableIndex.Key.label($0.key, value: $0.value) }
        let counts = labels.map { ($0, self[keyPath: index].count(of: $0)) }
        if let narrowest = counts.min(by: { $0.1 < $1.1 }) {
            return self[keyPath: index].first(under: narrowest.0, where: fits)?.name
        }
        guard !properties.require.isEmpty else {
            return self[keyPath: index].first(under: .all, where: fits)?.name
        }
        return chooseByKind(from: index, properties.require, fits)
    }

    // Kinds that are known to do come before machines that were not looked at yet.
    private mutating func chooseByKind(
        from index: WritableKeyPath<PoolTable, ClaimableIndex>, _ require: Requirement,
        _ fits: (String) -> Bool
    ) -> String? {
        var best: (name: String, turn: Int64)?
        for case let kind? in self[keyPath: index].kinds
        where require.objection(to: kind.facts) == nil {
            guard let found = self[keyPath: index].first(under: .made(kind), where: fits) else {
                continue
            }
            if best.map({ found.turn < $0.turn }) ?? true { best = found }
        }
        return best?.name ?? self[keyPath: index].first(under: .made(nil), where: fits)?.name
    }

    /// Why a free device does not do for a spec, or nil if it does as far as is known.
    private static func objection(_ slot: Slot, _ properties: SpecProperties) -> String? {
        for (label, value) in properties.selector where slot.device?.labels[label] != value {
            return "lacks \(label)=\(value)"
        }
        if properties.media != nil, slot.lacksMedia { return "lacks virtual media" }
        return slot.facts.flatMap { properties.require.objection(to: $0) }
    }

    // A few are named with what ails them; with many, `rackpool devices` has the list.
    private var complaints: String {
        guard sick.count <= 3 else { return "" }
        let texts = sick.sorted().map { name in
            slots[.device(name)]?.observation?.reasons.first.map { "\(name): \($0)" } ?? name
        }
        return " (\(texts.joined(separator: "; ")))"
    }

    private func refusal(_ properties: SpecProperties, excluding excluded: Set<String>)
        -> PlacementError
    {
        func count(_ category: Category) -> Int { counts[category] ?? 0 }
        var reasons: [String] = []
        for (category, text) in [
            (Category.claimed, "claimed"), (.nonFunctional, "non-functional"),
            (.cordoned, "cordoned"), (.held, "being switched by an operator"),
        ] where count(category) > 0 {
            reasons.append("\(count(category)) \(text)")
        }
        if !sick.isEmpty { reasons.append("\(sick.count) in bad health\(complaints)") }
        if count(.foreign) > 0, !properties.powerOff {
            reasons.append("\(count(.foreign)) running something else (see PowerOff)")
        }
        var objections: [String: Int] = [:]
        var tried = 0
        let offered = Array(claimable.names) + (properties.powerOff ? Array(foreign.names) : [])
        for name in offered {
            if excluded.contains(name) {
                tried += 1
            } else if let slot = slots[.device(name)], let text = Self.objection(slot, properties) {
                objections[text, default: 0] += 1
            }
        }
        if tried > 0 { reasons.append("\(tried) tried in vain") }
        reasons += objections.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
            "\($0.value) \($0.key)"
        }
        let total = counts.reduce(0) { $0 + ($1.key == .unlisted ? 0 : $1.value) }
        return .noDevice(total: total, reasons: reasons)
    }
}
