internal import Core
internal import Foundation

extension PlainWriter {
    /// The line of a claim in `Instances` or `NonFunctional`.
    /// - Parameter isStored: whether the revision is in the text; in the journal it is the change's
    ///   number.
    mutating func put(_ claim: Claim, of record: DeviceRecord, isStored: Bool) {
        raw(#"{"ID":"#)
        put(claim.id)
        raw(#","LogicalID":"#)
        put(claim.spec.logicalID)
        raw(#","Tags":"#)
        put(tags: claim.spec.tags)
        if let device = record.key.deviceName {
            raw(#","Device":"#)
            put(device)
        }
        raw(#","State":"#)
        put(claim.state.name)
        if let step = claim.state.step {
            raw(#","Step":"#)
            put(step.rawValue)
        }
        raw(#","Spec":{"Properties":"#)
        put(claim.spec.properties)
        raw(#","Init":"#)
        put(claim.spec.initScript)
        raw(#","Attachments":"#)
        put(claim.spec.attachments)
        put(record.others["Spec"], except: StateKeys.spec)
        raw("}")
        if let claimedAt = claim.claimedAt {
            raw(#","ClaimedAt":"#)
            put(claimedAt)
        }
        if let failure = claim.state.failure { put(failure, record) }
        if claim.power != SentPower() {
            raw(#","Power":"#)
            put(claim.power, record)
        }
        if let machine = record.machine {
            raw(#","Machine":"#)
            put(machine, record)
        }
        for (key, value) in record.others where !DeviceRecord.isNested(key) {
            raw(",")
            put(key)
            raw(":")
            put(value)
        }
        raw(#","Order":"#)
        put(claim.order)
        if isStored {
            raw(#","Revision":"#)
            put(record.revision)
        }
        raw("}")
    }

    /// One of the changes of a line of the journal; see ``StateChange``.
    mutating func put(_ change: StateChange.Put) {
        let record = change.record
        switch record.key {
        case .device(let name):
            raw(#"{"Device":"#)
            put(name)
        case .orphan(let id):
            raw(#"{"Instance":"#)
            put(id)
        }
        raw(#","Replaces":"#)
        put(record.revision)
        if let version = change.version {
            raw(#","Version":"#)
            put(version)
        }
        if let claim = record.claim {
            raw(#","Entry":"#)
            put(claim, of: record, isStored: false)
        }
        if let mark = StateDocument.mark(of: record, isStored: false) {
            raw(#","Mark":"#)
            put(mark)
        }
        raw("}")
    }

    private mutating func put(tags: [String: String]) {
        raw("{")
        var isFirst = true
        for (key, value) in tags.sorted(by: { $0.key < $1.key }) {
            if !isFirst { raw(",") }
            isFirst = false
            put(key)
            raw(":")
            put(value)
        }
        raw("}")
    }

    private mutating func put(_ failure: ClaimState.Failure, _ record: DeviceRecord) {
        raw(#","Failure":{"Since":"#)
        put(failure.since)
        raw(#","Reasons":"#)
        put(JSON.array(failure.reasons.map(JSON.string)))
        raw(#","Cause":"#)
        put(failure.cause.rawValue)
        put(record.others["Failure"], except: StateKeys.failure)
        raw("}")
    }

    private mutating func put(_ power: SentPower, _ record: DeviceRecord) {
        var object: JSONObject = [:]
        if power.pendingOns > 0 { object["PendingOns"] = JSON(power.pendingOns) }
        if let date = power.lastOn { object["LastOn"] = .string(date.timestampRoundedUp) }
        if let date = power.answered { object["Answered"] = .string(date.timestampRoundedUp) }
        if power.isConfirmedOff { object["ConfirmedOff"] = true }
        object.add(record.others["Power"])
        put(JSON.object(object))
    }

    private mutating func put(_ machine: Machine, _ record: DeviceRecord) {
        raw(#"{"Provider":"#)
        put(machine.address.provider)
        raw(#","BMC":"#)
        put(machine.address.bmc)
        if let system = machine.address.system {
            raw(#","System":"#)
            put(system)
        }
        if let uuid = machine.identity.uuid {
            raw(#","UUID":"#)
            put(uuid)
        }
        if let serialNumber = machine.identity.serialNumber {
            raw(#","SerialNumber":"#)
            put(serialNumber)
        }
        if let serviceTag = machine.identity.serviceTag {
            raw(#","ServiceTag":"#)
            put(serviceTag)
        }
        if !machine.unreliable.isEmpty {
            raw(#","Unreliable":"#)
            put(JSON.array(machine.unreliableNames))
        }
        put(record.others["Machine"], except: StateKeys.machine)
        raw("}")
    }
}

extension Machine {
    /// The names of the members that say nothing about which machine it is.
    var unreliableNames: [JSON] {
        SystemIdentity.Identifier.allCases.filter(unreliable.contains)
            .map { .string($0.memberName) }
    }
}

extension Date {
    /// The date as it is stored where what follows from it waits: rather a second longer than one too
    /// short.
    var timestampRoundedUp: String {
        Date(timeIntervalSince1970: timeIntervalSince1970.rounded(.up)).timestamp
    }
}
