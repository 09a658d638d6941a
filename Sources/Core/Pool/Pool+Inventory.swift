/// What an inventory lists, and what becomes of the records when it lists something else.
extension Pool {
    /// What taking over an inventory would mean.
    public func plan(for devices: [Device]) -> InventoryPlan {
        InventoryPlan(
            records: table.entries.values.map(\.record).filter { !$0.isBlank },
            present: table.entries.values.compactMap { entry in
                entry.isListed || entry.record.claim != nil ? entry.device : nil
            }, whereabouts: whereabouts, devices: devices)
    }

    /// Where the claimed machines were seen in whose places others stand.
    private var whereabouts: [String: MachineAddress] {
        let misplaced = table.entries.filter { $0.value.sighting.mismatch != nil }
        let places = misplaced.keys.compactMap { key -> (String, MachineAddress)? in
            guard let name = key.deviceName, let place = table.whereabouts(of: key),
                let address = table.entries[place]?.device?.address
            else { return nil }
            return (name, address)
        }
        return Dictionary(places, uniquingKeysWith: { first, _ in first })
    }

    /// Replaces the inventory. A device that is no longer listed stays while it is claimed; one
    /// whose address has another name now takes its record along, durably.
    /// - Returns: what it meant; the devices, as they were, whose BMC's address or credentials are
    ///   new, or that are gone.
    /// - Throws: ``InventoryRefusal``, ``StoreError``: then nothing has changed.
    public func setInventory(
        _ devices: [Device]
    ) async throws -> (plan: InventoryPlan, dropped: [Device]) {
        await lockInventory()
        defer { unlockInventory() }
        let next = Dictionary(
            devices.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let (plan, keys) = try await lockedPlan(for: devices, next)
        defer { for key in keys { unlock(key) } }
        let dropped = table.entries.values.compactMap(\.device).filter { old in
            next[old.name].map(old.isReachedOtherwise) ?? true
        }
        try await carryOut(plan)
        table.setInventory(devices)
        table.doubtFacts()
        return (plan, dropped)
    }

    /// Where the claimed machines stand, as far as that is known.
    public func claimedMachines() -> [BMCIndex.Member] {
        table.entries.compactMap { key, entry in
            guard let name = key.deviceName, entry.record.claim != nil,
                let address = entry.record.machine?.address ?? entry.device?.address
            else { return nil }
            return BMCIndex.Member(name: name, address: address)
        }.sorted { $0.name < $1.name }
    }

    /// Notes which devices are one machine under two spellings of its address: neither is claimed.
    /// Replaces what was noted before.
    public func noteAliases(_ aliases: [BMCAlias]) {
        table.setAliases(aliases)
    }

    // MARK: Taking it over

    /// What an inventory means, with the records locked whose devices it changes: none of them is
    /// claimed, or released, until it is carried out.
    private func lockedPlan(
        for devices: [Device], _ next: [String: Device]
    ) async throws(InventoryRefusal) -> (plan: InventoryPlan, keys: [RecordKey]) {
        while true {
            let plan = plan(for: devices)
            guard plan.faults.isEmpty else { throw InventoryRefusal(faults: plan.faults) }
            let readdressed = table.entries.values.compactMap(\.device)
                .filter { next[$0.name]?.address != $0.address }.map(\.name)
            let names = plan.concernedNames.union(readdressed)
            let keys = names.sorted().map(RecordKey.device)
            for key in keys { await lock(key) }
            // While the locks were waited for, more may have been claimed.
            if self.plan(for: devices) == plan { return (plan, keys) }
            for key in keys { unlock(key) }
        }
    }

    /// Moves records to the names that their machines have from now on, in one commit.
    func carryOut(_ plan: InventoryPlan) async throws(StoreError) {
        guard !plan.moves.isEmpty || !plan.addresses.isEmpty else { return }
        let changed = records(after: plan)
        if !changed.isEmpty {
            let revision = try await store.commit(StoreCommit(puts: changed, sequence: sequence))
            // One instance is never at two names, nor at none while its record moves.
            for record in changed {
                table.apply(DeviceRecord(key: record.key, revision: record.isBlank ? 0 : revision))
            }
            for var record in changed {
                record.revision = record.isBlank ? 0 : revision
                table.apply(record)
            }
        }
        table.moveMachines(plan.moves)
        for move in plan.moves {
            let instance = table.entries[.device(move.to)]?.record.claim?.id
            record(.renamed, of: move.to, because: "was \(move.from)", instance: instance)
        }
    }

    /// The records that a plan changes, as they are to be; blank where one has moved away.
    private func records(after plan: InventoryPlan) -> [DeviceRecord] {
        func present(_ name: String) -> DeviceRecord {
            table.entries[.device(name)]?.record ?? DeviceRecord(key: .device(name))
        }
        var puts: [String: DeviceRecord] = [:]
        for name in plan.addresses.keys { puts[name] = present(name) }
        for name in plan.moves.flatMap({ [$0.from, $0.to] }) {
            puts[name] = DeviceRecord(key: .device(name), revision: present(name).revision)
        }
        for move in plan.moves {
            guard let revision = puts[move.to]?.revision else { continue }
            puts[move.to] = present(move.from).moved(to: .device(move.to), over: revision)
        }
        for (name, address) in plan.addresses { puts[name]?.machine?.address = address }
        return puts.sorted { $0.key < $1.key }.map(\.value)
            .filter { !($0.isBlank && $0.revision == 0) }
    }
}

extension InventoryPlan {
    /// The devices whose records it changes.
    fileprivate var concernedNames: Set<String> {
        Set(moves.flatMap { [$0.from, $0.to] }).union(addresses.keys)
    }
}

extension DeviceRecord {
    /// The same of another device, in the place of a record with the given revision.
    fileprivate func moved(to key: RecordKey, over revision: UInt64) -> DeviceRecord {
        DeviceRecord(
            key: key, revision: revision, machine: machine, claim: claim, lastCarrier: lastCarrier,
            cordon: cordon, releaseOrder: releaseOrder, unconfirmedOn: unconfirmedOn,
            others: others)
    }
}

extension Device {
    /// Whether what was agreed with its BMC does not serve any more where it is listed as another.
    fileprivate func isReachedOtherwise(_ new: Device) -> Bool {
        new.address != address || new.credentials != credentials || new.tls != tls
            || new.ipmi != ipmi
    }
}
