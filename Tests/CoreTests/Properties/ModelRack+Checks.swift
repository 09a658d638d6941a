import Core

extension ModelRack.State {
    // MARK: Commands

    /// Promises 2 and 7: a command goes to a claimed device only, for a reason that is on disk.
    mutating func checkCommand(_ command: String, on name: String, allows: (Claim) -> Bool) {
        guard let claim = records[.device(name)]?.claim else {
            violations.append("\(command) went to \(name), which nobody claims")
            return
        }
        if !allows(claim) {
            violations.append("\(command) went to \(name) in phase \(claim.phase) of \(claim.id)")
        }
        if machines[name]?.isForeign ?? false, !claim.mayPowerOffOthers {
            violations.append("\(command) went to \(name), which runs what others started")
        }
    }

    // MARK: Writes

    /// Promises 1, 3 and 7: what may become of a claim, and what must be true of the machine then.
    mutating func checkWrite(_ new: DeviceRecord, lastSeen: Observation?) {
        guard let name = new.key.deviceName else { return }
        let old = records[new.key]
        switch (old?.claim, new.claim) {
        case (nil, let claim?): checkClaim(claim, of: name, old, lastSeen: lastSeen)
        case (let claim?, nil): checkRelease(claim, of: name)
        case (let before?, let after?): checkChange(before, after, of: name)
        case (nil, nil): break
        }
    }

    private mutating func checkClaim(
        _ claim: Claim, of name: String, _ old: DeviceRecord?, lastSeen: Observation?
    ) {
        let id = claim.id
        if !known.insert(id).inserted { violations.append("\(id) was used before") }
        if id >= lowestID { violations.append("\(id) does not sort before \(lowestID)") }
        if !id.hasSuffix("-" + name) {
            violations.append("\(id) names a device other than \(name)")
        }
        if claim.phase != .provisioning(.claimed) || claim.isNonFunctional {
            violations.append("\(id) begins as \(claim.phase)")
        }
        if old?.cordon != nil { violations.append("\(name) was claimed while cordoned") }
        guard !isConcurrent else { return }
        if !listed.contains(name) { violations.append("\(name) was claimed and is not listed") }
        if let lastSeen, lastSeen.health >= .critical {
            violations.append("\(name) was claimed and known to be sick")
        }
        if lastSeen?.power == .on, claim.spec.properties["PowerOff"] == nil {
            violations.append("\(name) was claimed and known to be foreign")
        }
    }

    private mutating func checkRelease(_ claim: Claim, of name: String) {
        if claim.phase == .provisioning(.claimed) { return }
        if claim.phase != .releasing {
            violations.append("\(claim.id) was released in phase \(claim.phase)")
        }
        if machines[name, default: .init()].power != .off {
            violations.append("\(claim.id) was released and \(name) is on")
        }
        if let machine = machines[name], machine.media != nil, machine.condition != .deaf,
            claim.spec.properties["Media"] != nil
        {
            violations.append("\(claim.id) was released and its media are in \(name)")
        }
    }

    private mutating func checkChange(_ old: Claim, _ new: Claim, of name: String) {
        if old.id != new.id { violations.append("\(name) went from \(old.id) to \(new.id)") }
        let power = machines[name, default: .init()].power
        if old.phase != new.phase { checkPhase(old, new, power) }
        switch (old.isNonFunctional, new.isNonFunctional) {
        case (false, true):
            haveFailed.insert(new.id)
            if new.phase == .active, new.spec.logicalID != nil, power != .off {
                violations.append("\(new.id) stopped being described before it was fenced")
            }
        case (true, false):
            if power != .on { violations.append("\(new.id) recovered and is off") }
            let others = records.values.compactMap(\.claim).filter { !$0.isNonFunctional }
            if let front = others.map(\.order).min(), new.order >= front {
                violations.append("\(new.id) recovered, but not to the front")
            }
        default: break
        }
    }

    private mutating func checkPhase(_ old: Claim, _ new: Claim, _ power: PowerState) {
        let isLegal =
            switch (old.phase, new.phase) {
            case (.provisioning(.claimed), .provisioning(.clearing)):
                new.spec.properties["PowerOff"] != nil
            case (.provisioning(.claimed), .provisioning(.starting)),
                (.provisioning(.clearing), .provisioning(.starting)):
                power == .off
            case (.provisioning(.starting), .active): power == .on
            case (.provisioning, .releasing):
                new.isNonFunctional || destroyRequests.contains(new.id)
            case (.active, .releasing):
                destroyRequests.contains(new.id) || new.isNonFunctional && livesElsewhere(new)
            default: false
            }
        if !isLegal {
            violations.append("\(new.id) went from \(old.phase) to \(new.phase), power \(power)")
        }
    }

    private func livesElsewhere(_ claim: Claim) -> Bool {
        claim.spec.logicalID != nil
            && records.values.contains { record in
                guard let other = record.claim, other.id != claim.id else { return false }
                return !other.isNonFunctional && other.group == claim.group
                    && other.spec.logicalID == claim.spec.logicalID
            }
    }
}

extension Claim {
    /// Whether what others started on the device may be powered off: the spec says so, and the
    /// device is being cleared, or given back after that failed. It is given back only when it is
    /// off, for a command that was sent may still take effect, and must not hit the next instance.
    var mayPowerOffOthers: Bool {
        phase == .provisioning(.clearing)
            || (phase == .releasing && spec.properties["PowerOff"] == true)
    }
}
