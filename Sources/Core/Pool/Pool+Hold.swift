internal import Foundation

/// What an operator's command does to a device, it does to one that is not claimed meanwhile.
extension Pool {
    /// A device that the inventory lists, or that is claimed.
    /// - Throws: ``DeviceError/unknown(_:nearest:)``.
    func device(_ name: String) throws(DeviceError) -> Device {
        if let device = status(of: name)?.device { return device }
        throw unknown(name)
    }

    /// Keeps a device from being claimed until ``endHold(of:)``, in memory only.
    /// - Throws: ``PowerError`` if it, or the machine behind it under another name, is claimed, or
    ///   somebody else holds it; ``DeviceError``.
    func hold(_ name: String) throws -> Device {
        let device = try device(name)
        guard let status = status(of: name) else { return device }
        if status.isHeld { throw PowerError.busy(device) }
        if let claim = status.claim { throw PowerError.claimed(device, claim) }
        if status.isReserved { throw PowerError.beingClaimed(device) }
        if let claim = claimOnTwin(of: name) { throw PowerError.claimed(device, claim) }
        table.setHeld(true, of: name)
        return device
    }

    /// The claim on the machine that stands at a device, made under another name.
    func claimOnTwin(of name: String) -> Claim? {
        status(of: name)?.twin.flatMap { status(of: $0)?.claim }
    }

    /// Lets a device be claimed again.
    func endHold(of name: String) {
        table.setHeld(false, of: name)
    }

    /// Keeps the logical ID that a failed instance does not hold for its machine, which is about to
    /// run, until ``endRun(of:as:)``.
    /// - Returns: nil if there is nothing to keep.
    /// - Throws: ``PlacementError`` if another instance holds it, or is about to.
    func beginRun(of id: String) throws(PlacementError) -> LogicalIDKey? {
        guard let key = table.instances.key(of: id), let claim = table.entries[key]?.record.claim,
            !claim.state.holdsLogicalID, let logicalID = claim.logicalIDKey
        else { return nil }
        try table.beginMaking(logicalID, by: key, isToRun: true)
        return logicalID
    }

    func endRun(of id: String, as logicalID: LogicalIDKey) {
        guard let key = table.instances.key(of: id) else { return }
        table.endMaking(logicalID, by: key)
    }

    // MARK: What may act yet

    /// Keeps a device that is held from being claimed, durably, until ``forgetOns(sentBy:)`` or
    /// ``forgetOn(of:sentAt:)``: a command that leads to On is about to be sent to it.
    /// - Returns: whether another one may act yet.
    /// - Throws: ``PowerError``, ``StoreError``: then it is not to be sent.
    @discardableResult
    func noteOn(of device: Device, at date: Date) async throws -> Bool {
        let key = RecordKey.device(device.name)
        var isOneOfSeveral = false
        try await write(key) { record in
            guard record.claim == nil, let entry = table.entries[key],
                entry.device?.address == device.address
            else {
                throw PowerError.failed(
                    device, "not switched: the inventory has changed meanwhile; try again")
            }
            isOneOfSeveral = record.unconfirmedOn != nil
            record.unconfirmedOn = max(date, record.unconfirmedOn ?? date)
            if record.machine == nil {
                record.machine = Machine(
                    address: device.address, identity: entry.sighting.identity)
            }
        }
        return isOneOfSeveral
    }

    /// A command that leads to On has acted, or was refused.
    /// - Returns: false if the device has another name by now.
    func forgetOn(of name: String, sentAt date: Date) async throws -> Bool {
        var isFound = false
        try await write(.device(name)) { record in
            guard record.unconfirmedOn == date else { return }
            isFound = true
            record.unconfirmedOn = nil
        }
        return isFound
    }

    /// Commands that were sent so long ago act no more.
    func forgetOns(sentBy date: Date) async throws {
        let late = table.entries.filter {
            $0.value.record.unconfirmedOn.map { $0 <= date } ?? false
        }
        for key in late.keys {
            try await write(key) { record in
                guard let sent = record.unconfirmedOn, sent <= date else { return }
                record.unconfirmedOn = nil
            }
        }
    }

    /// When commands were sent that may act yet.
    func unconfirmedOns() -> Set<Date> {
        Set(table.entries.values.compactMap(\.record.unconfirmedOn))
    }
}
