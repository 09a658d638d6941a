internal import Foundation

/// The three ordered arrays that every device is in exactly one of, and their store.
///
/// Every change is durable when its call returns, and is seen by others no earlier.
public actor Pool {
    private var table: PoolTable
    private let store: any Store
    private let time: any TimeSource
    private let history: any HistoryKeeping
    private var locks = KeyedLock<RecordKey>()

    /// Loads what is stored and joins it with the inventory.
    public init(
        inventory: [Device], store: any Store, history: any HistoryKeeping = MemoryHistory(),
        time: any TimeSource = SystemTime()
    ) async throws(StoreError) {
        let stored = try await store.load()
        table = PoolTable(inventory: inventory, stored: stored.records)
        self.store = store
        self.history = history
        self.time = time
    }

    // MARK: Claims

    /// Chooses a device for a spec and claims it. When this returns, the claim is durable.
    /// - Parameter excluded: devices that were tried in vain.
    /// - Throws: ``PlacementError``, ``StoreError``.
    public func claim(
        _ spec: ClaimSpec, _ properties: SpecProperties, excluding excluded: Set<String> = []
    ) async throws -> ClaimedDevice {
        let device = try table.reserve(spec, properties, excluding: excluded)
        defer { table.endMaking(spec) }
        do {
            let sequence = try await store.nextSequence()
            let claim = Claim(
                id: InstanceID.make(sequence: sequence, device: device.name), spec: spec,
                phase: .provisioning(.claimed), claimedAt: time.date,
                order: table.order(ofClaim: sequence))
            _ = try await write(.device(device.name)) { $0.claim = claim }
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

    /// Changes the claim of an instance, durably.
    /// - Parameter change: makes the new claim of the present one; may be called again if the
    ///   record is changed by others meanwhile.
    /// - Throws: ``InstanceError/unknown(_:)``, ``StoreError``, and what `change` throws.
    @discardableResult
    public func updateClaim(
        _ id: String, _ change: @Sendable (inout Claim) throws -> Void
    ) async throws -> Claim {
        guard let key = table.instances.key(of: id) else { throw InstanceError.unknown(id) }
        let record = try await write(key) { record in
            guard var claim = record.claim, claim.id == id else { throw InstanceError.unknown(id) }
            try change(&claim)
            record.claim = claim
        }
        guard let claim = record.claim else { throw InstanceError.unknown(id) }
        return claim
    }

    /// Ends an instance's claim, durably; the device goes to the end of `available`.
    /// - Parameter wasUsed: whether anything of the instance may have come onto the device's disks.
    public func release(_ id: String, wasUsed: Bool) async throws {
        guard let key = table.instances.key(of: id) else { throw InstanceError.unknown(id) }
        let order = table.takeReleaseOrder()
        _ = try await write(key) { record in
            guard let claim = record.claim, claim.id == id else { throw InstanceError.unknown(id) }
            record.claim = nil
            guard key.deviceName != nil else {
                record.others = [:]
                return
            }
            if wasUsed, let logicalID = claim.spec.logicalID { record.lastLogicalID = logicalID }
            record.releaseOrder = order
        }
        if let name = key.deviceName {
            self.record(
                .released, of: name, because: wasUsed ? "powered off" : "not used", instance: id)
        }
    }

    /// Moves an instance to the end of `nonFunctional`, durably; from then on it is not described.
    public func fail(_ id: String, reasons: [String]) async throws {
        let date = time.date
        let order = table.takeBackOrder()
        let failure = Claim.Failure(since: date, reasons: reasons)
        let claim = try await updateClaim(id) { claim in
            guard claim.phase == .active, !claim.isNonFunctional else { return }
            claim.failure = failure
            claim.order = order
        }
        guard claim.order == order else { return }
        record(
            .failed, of: deviceName(of: id), because: reasons.joined(separator: ", "), instance: id)
    }

    /// Moves an instance from `nonFunctional` to the front of `active`, durably.
    /// - Throws: ``PlacementError`` if its logical ID lives elsewhere by now; ``StoreError``.
    public func recover(_ id: String) async throws {
        if let claim = instance(id)?.claim, let logicalID = claim.spec.logicalID {
            if let other = table.instances.carrier(of: logicalID, group: claim.group), other != id {
                throw PlacementError.logicalIDInUse(logicalID, group: claim.group, instance: other)
            }
            try table.checkLogicalIDInTheMaking(of: claim.spec)
            table.beginMaking(claim.spec, on: deviceName(of: id))
            defer { table.endMaking(claim.spec) }
            try await moveToFront(id)
        } else {
            try await moveToFront(id)
        }
    }

    private func moveToFront(_ id: String) async throws {
        let order = table.takeFrontOrder()
        let claim = try await updateClaim(id) { claim in
            guard claim.phase == .active, claim.isNonFunctional else { return }
            claim.failure = nil
            claim.order = order
        }
        guard claim.order == order else { return }
        record(.recovered, of: deviceName(of: id), because: "healthy again", instance: id)
    }

    private func deviceName(of id: String) -> String {
        table.instances.key(of: id)?.deviceName ?? ""
    }

    // MARK: The operator's hand

    /// Keeps a device from being claimed, durably, or lets it be claimed again.
    /// - Throws: ``DeviceError/unknown(_:nearest:)``; ``StoreError``.
    public func setCordon(_ cordon: Cordon?, of name: String) async throws {
        guard table.slots[.device(name)] != nil else {
            throw DeviceError.unknown(
                name,
                nearest: Spelling.nearest(
                    to: name, among: table.slots.keys.compactMap(\.deviceName)))
        }
        _ = try await write(.device(name)) { $0.cordon = cordon }
        record(
            cordon == nil ? .uncordoned : .cordoned, of: name,
            because: cordon?.reason ?? "by the operator")
    }

    /// Replaces the inventory. A device that is no longer listed stays while it is claimed.
    /// - Returns: the devices, as they were, whose BMC's address or credentials are new, or that
    ///   are gone.
    public func setInventory(_ devices: [Device]) -> [Device] {
        let next = Dictionary(
            devices.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let changed = table.slots.values.compactMap(\.device).filter { old in
            guard let new = next[old.name] else { return true }
            return new.bmc != old.bmc || new.system != old.system || new.provider != old.provider
                || new.credentials != old.credentials || new.tls != old.tls
                || new.ipmi != old.ipmi
        }
        table.setInventory(devices)
        return changed
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

    private func write(
        _ key: RecordKey, _ change: (inout DeviceRecord) throws -> Void
    ) async throws -> DeviceRecord {
        await lock(key)
        defer { locks.unlock(key) }
        let present = table.slots[key]?.record ?? DeviceRecord(key: key)
        var record = present
        try change(&record)
        if record == present { return present }
        record.version += 1
        try await store.write(record, replacing: present.version)
        // The store keeps no blank record, so the next one is a new one to it.
        if record.isBlank { record.version = 0 }
        table.apply(record)
        return record
    }

    private func lock(_ key: RecordKey) async {
        guard !locks.tryLock(key) else { return }
        await withCheckedContinuation { locks.wait(for: key, $0) }
    }

    // MARK: Looking

    /// The described instances with all the given tags, in the order of `active`. Costs memory
    /// only.
    public func described(with tags: [String: String]) -> [InstanceDescription] {
        table.instances.described(with: tags)
    }

    /// The claim of an instance with its device; the device is nil for an adopted instance that
    /// names none and for one that the inventory never listed since the start.
    public func instance(_ id: String) -> (claim: Claim, device: Device?, name: String?)? {
        guard let key = table.instances.key(of: id), let slot = table.slots[key],
            let claim = slot.record.claim
        else { return nil }
        return (claim, slot.device, key.deviceName)
    }

    /// The instances whose provision or destroy was begun and has not ended.
    public func unfinished() -> [String] {
        table.instances.ids.filter { id in
            table.instances.key(of: id).flatMap { table.slots[$0]?.record.claim }?.phase != .active
        }
    }

    /// The described instances that carry the logical IDs of the given claims.
    func carriers(of claims: [Claim]) -> [LogicalIDKey: String] {
        var carriers: [LogicalIDKey: String] = [:]
        for claim in claims {
            guard let logicalID = claim.spec.logicalID else { continue }
            carriers[LogicalIDKey(logicalID: logicalID, group: claim.group)] =
                table.instances.carrier(of: logicalID, group: claim.group)
        }
        return carriers
    }

    /// Everything the pool knows about a device, or nil if it knows no such device.
    public func status(of name: String) -> DeviceStatus? {
        table.slots[.device(name)].map { DeviceStatus(name: name, $0) }
    }

    /// The status of all devices: `active` first, in its order, then `nonFunctional`, then
    /// `available` in the order in which devices are claimed.
    public func statuses() -> [DeviceStatus] {
        table.slots.compactMap { key, slot in
            // What is neither listed nor claimed is remembered, and is none of the pool's.
            guard slot.isListed || slot.record.claim != nil else { return nil }
            return key.deviceName.map { DeviceStatus(name: $0, slot) }
        }.sorted { $0.rank < $1.rank }
    }

    func setHeld(_ isHeld: Bool, of name: String) {
        table.setHeld(isHeld, of: name)
    }

    // MARK: What is learnt about devices

    /// Notes what a look at a device said.
    public func note(_ observation: Observation, of name: String) {
        table.note(observation, of: .device(name))
    }

    /// Notes what a device is made of.
    public func note(_ facts: Facts, of name: String) {
        table.note(facts, of: .device(name))
    }

    /// Notes that a device has no drive for virtual media; it is not offered to specs that need one
    /// until the inventory is read again.
    public func noteLackOfMedia(of name: String) {
        table.noteLackOfMedia(of: .device(name))
    }

    /// When the present claim on a device was made; nil without one, or where nobody knows.
    func claimDate(of name: String) -> Date? {
        table.slots[.device(name)]?.record.claim?.claimedAt
    }

    /// What a device is made of, as far as was learnt.
    public func facts(of name: String) -> Facts? {
        table.slots[.device(name)]?.facts
    }
}

/// A device with the claim that was made on it.
public struct ClaimedDevice: Sendable {
    public let device: Device
    public let claim: Claim
}

/// Why a device could not be dealt with.
public enum DeviceError: Error, Sendable, Hashable, CustomStringConvertible {
    case unknown(String, nearest: String?)

    public var description: String {
        switch self {
        case .unknown(let name, let nearest):
            "there is no device \(name)" + (nearest.map { "; did you mean \($0)?" } ?? "")
        }
    }
}

/// Why an instance could not be dealt with.
public enum InstanceError: Error, Sendable, Hashable, CustomStringConvertible {
    case unknown(String)

    public var description: String {
        switch self {
        case .unknown(let id): "there is no instance \(id)"
        }
    }
}
