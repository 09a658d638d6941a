internal import Foundation

/// The three ordered arrays that every device is in exactly one of, and their store.
///
/// Every change is durable when its call returns, and is seen by others no earlier.
public actor Pool {
    var table: PoolTable
    let store: any Store
    let time: any TimeSource
    private let history: any HistoryKeeping
    private var locks = KeyedLock<RecordKey>()
    /// One inventory is taken over at a time.
    private var reloads = KeyedLock<Reload>()
    private enum Reload: Hashable { case any }
    /// The highest number that was ever drawn; it is durable with the next commit.
    private(set) var sequence: UInt64
    /// What the inventory meant for the records at the start.
    public private(set) var planAtStart: InventoryPlan

    /// Loads what is stored and joins it with the inventory.
    /// - Throws: ``StoreError``; ``InventoryRefusal`` if the inventory would tear a claim from its
    ///   machine.
    public init(
        inventory: [Device], store: any Store, history: any HistoryKeeping = MemoryHistory(),
        fence: SynchroniserSettings.Fence = .required, time: any TimeSource = SystemTime()
    ) async throws {
        let stored = try await store.load()
        self.store = store
        self.history = history
        self.time = time
        sequence = stored.sequence
        let plan = InventoryPlan(
            records: stored.records, devices: inventory, isStart: true)
        planAtStart = plan
        guard plan.faults.isEmpty else { throw InventoryRefusal(faults: plan.faults) }
        table = PoolTable(inventory: [], stored: stored.records)
        table.fence = fence
        try await carryOut(plan)
        table.setInventory(inventory)
    }

    // MARK: Claims

    /// Chooses a device for a spec and claims its machine. When this returns, the claim is durable.
    /// - Parameter excluded: devices that were tried in vain.
    /// - Throws: ``PlacementError``, ``StoreError``.
    public func claim(
        _ spec: ClaimSpec, _ properties: SpecProperties, excluding excluded: Set<String> = []
    ) async throws -> ClaimedDevice {
        let logicalID = spec.logicalID.map { LogicalIDKey(logicalID: $0, group: spec.group) }
        while true {
            let device = try table.reserve(spec, properties, excluding: excluded)
            let key = RecordKey.device(device.name)
            defer { if let logicalID { table.endMaking(logicalID, by: key) } }
            do {
                guard let claim = try await claim(device, for: spec) else {
                    table.releaseReservation(of: device.name)
                    continue
                }
                record(
                    .claimed, of: device.name,
                    because: "for \(spec.group.map { "group \($0)" } ?? "no group")",
                    instance: claim.id)
                return ClaimedDevice(device: device, claim: claim)
            } catch {
                table.releaseReservation(of: device.name)
                throw error
            }
        }
    }

    /// Nil if the device was claimed, cordoned, or given to another machine, since it was reserved.
    private func claim(_ device: Device, for spec: ClaimSpec) async throws -> Claim? {
        sequence += 1
        let number = sequence
        let claim = Claim(
            id: InstanceID.make(sequence: number, device: device.name), spec: spec,
            state: .starting(.claimed), claimedAt: time.date, order: Int64(clamping: number))
        let key = RecordKey.device(device.name)
        do {
            try await write(key) { record in
                guard record.claim == nil, record.cordon == nil, record.unconfirmedOn == nil,
                    let entry = table.entries[key], entry.isListed, entry.device == device
                else { throw Overtaken() }
                record.claim = claim
                let identity = PoolTable.without(
                    entry.sighting.unreliable, entry.sighting.identity)
                record.machine = Machine(address: device.address, identity: identity)
            }
        } catch is Overtaken {
            return nil
        }
        return claim
    }

    private struct Overtaken: Error {}

    /// Changes the claim of an instance, durably.
    /// - Parameters:
    ///   - expected: what the claim must be at; nil: whatever it is at.
    ///   - change: changes the draft; may be called again if the record is changed by others
    ///     meanwhile.
    /// - Throws: ``InstanceError``, ``PlacementError`` if the change would take a logical ID that
    ///   somebody else holds, ``StoreError``, and what `change` throws.
    @discardableResult
    public func update(
        _ id: String, expecting expected: ClaimState? = nil,
        _ change: @Sendable (inout RecordDraft) throws -> Void
    ) async throws -> Claim {
        while true {
            guard let key = table.instances.key(of: id) else { throw InstanceError.unknown(id) }
            do {
                let record = try await write(key) { record in
                    guard let claim = record.claim, claim.id == id else { throw Overtaken() }
                    if let expected, claim.state != expected { throw InstanceError.changed(id) }
                    var draft = RecordDraft(record, claim, sequence: sequence)
                    try change(&draft)
                    sequence = max(sequence, draft.sequence)
                    record = draft.changed
                }
                guard let claim = record.claim else { throw InstanceError.unknown(id) }
                return claim
            } catch is Overtaken {
                // It has gone, or has another name by now.
                continue
            }
        }
    }

    /// Ends an instance's claim, durably; the device goes to the end of `available`.
    /// - Parameters:
    ///   - expected: what the claim must be at; nil: whatever it is at.
    ///   - cause: for the history.
    /// - Throws: ``InstanceError``, ``StoreError``.
    public func release(
        _ id: String, expecting expected: ClaimState? = nil, because cause: String
    ) async throws {
        while true {
            guard let key = table.instances.key(of: id) else { throw InstanceError.unknown(id) }
            do {
                try await write(key) { record in
                    guard let claim = record.claim, claim.id == id else { throw Overtaken() }
                    if let expected, claim.state != expected { throw InstanceError.changed(id) }
                    record.claim = nil
                    // What others wrote inside the claim goes with it.
                    for part in ["Spec", "Failure", "Power"] { record.others[part] = nil }
                    guard key.deviceName != nil else {
                        record.others = [:]
                        return
                    }
                    sequence += 1
                    record.releaseOrder = Int64(clamping: sequence)
                }
            } catch is Overtaken {
                continue
            }
            if let name = key.deviceName {
                record(.released, of: name, because: cause, instance: id)
            }
            return
        }
    }

    /// Keeps the machine of an instance as the last look has seen it.
    func learn(_ machine: Machine, of id: String) async throws {
        try await update(id) { $0.record.machine = machine }
    }

    // MARK: The operator's hand

    /// Keeps a device from being claimed, durably, or lets it be claimed again.
    /// - Parameter author: who wants it.
    /// - Throws: ``DeviceError/unknown(_:nearest:)``; ``StoreError``.
    public func setCordon(
        _ cordon: Cordon?, of name: String, by author: String = "the operator"
    ) async throws {
        _ = try await changeCordon(cordon, of: name, by: author)
    }

    /// Lets a device be claimed again, durably.
    /// - Parameter author: who wants it.
    /// - Returns: whether it was cordoned.
    /// - Throws: ``DeviceError/unknown(_:nearest:)``; ``StoreError``.
    public func uncordon(_ name: String, by author: String) async throws -> Bool {
        try await changeCordon(nil, of: name, by: author)
    }

    private func changeCordon(
        _ cordon: Cordon?, of name: String, by author: String
    ) async throws -> Bool {
        let key = RecordKey.device(name)
        guard table.entries[key] != nil else { throw unknown(name) }
        var wasCordoned = false
        try await write(key) { record in
            // A reload may have given it another name meanwhile.
            guard table.entries[key] != nil else { throw unknown(name) }
            wasCordoned = record.cordon != nil
            guard cordon != nil || wasCordoned else { return }
            record.cordon = cordon
            if record.machine == nil, let entry = table.entries[key], let device = entry.device {
                record.machine = Machine(
                    address: device.address, identity: entry.sighting.identity)
            }
        }
        if cordon != nil || wasCordoned {
            record(
                cordon == nil ? .uncordoned : .cordoned, of: name,
                because: "by \(author)" + (cordon?.reason.map { ": \($0)" } ?? ""))
        }
        return wasCordoned
    }

    func unknown(_ name: String) -> DeviceError {
        .unknown(
            name,
            nearest: Spelling.nearest(
                to: name, among: table.entries.keys.compactMap(\.deviceName)))
    }

    // MARK: History

    /// Keeps what happened to a device.
    public func record(
        _ kind: HistoryEvent.Kind, of name: String, because cause: String, instance: String? = nil
    ) {
        history.append(
            HistoryEvent(
                date: time.date, device: name, instance: instance, kind: kind, cause: cause))
    }

    /// What happened to a device, the last last.
    public func history(of name: String) -> [HistoryEvent] {
        history.events(of: name)
    }

    // MARK: Writing

    /// Changes a record, durably. `change` may find that it is not what it was.
    @discardableResult
    func write(
        _ key: RecordKey, _ change: (inout DeviceRecord) throws -> Void
    ) async throws -> DeviceRecord {
        await lock(key)
        defer { unlock(key) }
        let present = table.entries[key]?.record ?? DeviceRecord(key: key)
        var record = present
        try change(&record)
        if record == present { return present }
        let held = record.heldLogicalID
        let isNew = held != present.heldLogicalID
        let isToRun = record.claim?.state.isToRun ?? false
        if isNew, let held { try table.beginMaking(held, by: key, isToRun: isToRun) }
        defer { if isNew, let held { table.endMaking(held, by: key) } }
        let revision = try await store.commit(StoreCommit(puts: [record], sequence: sequence))
        // The store keeps no blank record, so the next one is a new one to it.
        record.revision = record.isBlank ? 0 : revision
        table.apply(record)
        return record
    }

    // MARK: Waiting for each other

    /// Waits until nobody else changes a record.
    func lock(_ key: RecordKey) async {
        guard !locks.tryLock(key) else { return }
        await withCheckedContinuation { locks.wait(for: key, $0) }
    }

    func unlock(_ key: RecordKey) {
        locks.unlock(key)
    }

    /// Waits until nobody else takes an inventory over.
    func lockInventory() async {
        guard !reloads.tryLock(.any) else { return }
        await withCheckedContinuation { reloads.wait(for: .any, $0) }
    }

    func unlockInventory() {
        reloads.unlock(.any)
    }

    // MARK: Looking

    /// The described instances with all the given tags, in the order of `active`. Costs memory
    /// only.
    public func described(with tags: [String: String]) -> [InstanceDescription] {
        table.instances.described(with: tags)
    }

    /// The claim of an instance with its device; the device is nil for an adopted instance that
    /// names none and for one that the inventory never listed since the start.
    public func instance(_ id: String) -> ClaimedInstance? {
        guard let key = table.instances.key(of: id), let entry = table.entries[key],
            let claim = entry.record.claim
        else { return nil }
        return ClaimedInstance(
            claim: claim, device: entry.device, name: key.deviceName, twin: twin(of: entry))
    }

    /// The instance that lives on the same machine, by what both were claimed as: that two spellings
    /// lead to one address is no proof, nor is a serial number that both tell, which may be that of
    /// their chassis.
    private func twin(of entry: PoolTable.Entry) -> String? {
        guard let name = entry.twin, let twin = table.entries[.device(name)],
            let mine = entry.claimedIdentity, let its = twin.claimedIdentity,
            case let comparison = mine.comparison(with: its), comparison.isSame == true,
            comparison.agreeing.contains(.uuid) || entry.alias == name
        else { return nil }
        return twin.record.claim?.id
    }

    /// The instances that have something left to do.
    public func unfinished() -> [String] {
        table.instances.ids.filter { id in
            table.instances.key(of: id).flatMap { table.entries[$0]?.record.claim }?.state.isAtRest
                == false
        }
    }

    /// The instances without a device, and those whose device the inventory never listed since the
    /// start: nobody can steer them.
    public func orphans() -> [(claim: Claim, name: String?)] {
        table.entries.compactMap { key, entry in
            guard let claim = entry.record.claim, entry.device == nil else { return nil }
            return (claim, key.deviceName)
        }.sorted { $0.claim.id < $1.claim.id }
    }

    /// The instances that hold the logical IDs of the given claims.
    func holders(of claims: [Claim]) -> [LogicalIDKey: String] {
        var holders: [LogicalIDKey: String] = [:]
        for claim in claims {
            guard let key = claim.logicalIDKey else { continue }
            holders[key] = table.instances.holder(of: key)
        }
        return holders
    }

    /// Which of the given claims are made from another configuration than their group's newest.
    func outdated(_ claims: [Claim]) -> Set<String> {
        Set(claims.filter(table.instances.isOutdated).map(\.id))
    }

    /// Everything the pool knows about a device, or nil if it knows no such device.
    public func status(of name: String) -> DeviceStatus? {
        table.status(of: .device(name))
    }

    /// The status of all devices: `active` first, in its order, then `nonFunctional`, then
    /// `available` in the order in which devices are claimed.
    public func statuses() -> [DeviceStatus] {
        table.entries.compactMap { key, entry in
            // What is neither listed nor claimed is remembered, and is none of the pool's.
            guard entry.isListed || entry.record.claim != nil else { return nil }
            return table.status(of: key)
        }.sorted { $0.rank < $1.rank }
    }

    // MARK: What is learnt about devices

    /// Notes a look that got an answer, and tells whose machine it has seen.
    func noteAnswer(_ observation: Observation, of device: Device) -> SeenMachine {
        table.noteAnswer(observation, of: device, at: time.uptime)
    }

    /// Notes a look that failed.
    func noteFailure(_ observation: Observation, of device: Device) {
        guard table.entries[.device(device.name)]?.device?.address == device.address else { return }
        table.noteFailure(observation, of: .device(device.name), at: time.uptime)
    }

    /// Notes that a device's BMC did not answer, which moves nothing by itself.
    func noteSilence(of device: Device) {
        guard table.entries[.device(device.name)]?.device?.address == device.address else { return }
        table.noteSilence(of: .device(device.name))
    }

    /// Notes what a device is made of.
    func note(_ facts: Facts, areLasting: Bool, of device: Device) {
        guard table.entries[.device(device.name)]?.device?.address == device.address else { return }
        table.note(facts, areLasting: areLasting, of: .device(device.name))
    }

    /// Has the facts of a device, or of all, asked for again.
    public func doubtFacts(of name: String? = nil) {
        table.doubtFacts(of: name.map(RecordKey.device))
    }

    /// Notes that a device has no drive for virtual media; it is not offered to specs that need one
    /// until the inventory is read again.
    func noteLackOfMedia(of name: String) {
        table.noteLackOfMedia(of: .device(name))
    }

    /// When the present claim on a device was made; nil without one, or where nobody knows.
    func claimDate(of name: String) -> Date? {
        table.entries[.device(name)]?.record.claim?.claimedAt
    }
}
