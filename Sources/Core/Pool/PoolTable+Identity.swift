// Which machine stands where: what looks say of it, compared with what was claimed.
extension PoolTable {
    /// Notes that a look got no answer, or was not let in.
    mutating func noteFailure(_ observation: Observation, of key: RecordKey, at now: Duration) {
        guard entries[key] != nil else { return }
        changeSighting(of: key) { sighting in
            sighting.wasSilent = true
            sighting.namelessSince = nil
            sighting.lastLook = now
        }
        note(observation, of: key)
    }

    /// Notes that a BMC did not answer: only then can a machine be exchanged.
    mutating func noteSilence(of key: RecordKey) {
        changeSighting(of: key) { sighting in
            sighting.wasSilent = true
            sighting.namelessSince = nil
        }
    }

    /// Notes a look that got an answer, and tells whose machine it has seen.
    mutating func noteAnswer(
        _ observation: Observation, of device: Device, at now: Duration
    ) -> SeenMachine {
        let key = RecordKey.device(device.name)
        guard let entry = entries[key], entry.device?.address == device.address else {
            return SeenMachine(
                verdict: .other("the inventory has changed while it was being looked at"),
                isStale: true)
        }
        var result = SeenMachine()
        if isNameless(observation.identity, entry, device, at: now) {
            changeSighting(of: key) { $0.namelessSince = $0.namelessSince ?? now }
            result.isNameless = true
            return result
        }
        noteIdentity(
            Self.without(entry.sighting.unreliable, observation.identity), of: key, &result)
        note(observation, of: key)
        entries[key]?.lastAnswer = observation.date
        if entries[key]?.record.claim != nil {
            compare(observation.identity, device, key, at: now, &result)
        }
        changeSighting(of: key) { sighting in
            if sighting.wasSilent || sighting.answeringSince == nil {
                sighting.answeringSince = now
            }
            if sighting.wasSilent {
                sighting.changes = 0
                sighting.comebacks += 1
            }
            sighting.wasSilent = false
            sighting.namelessSince = nil
            sighting.lastLook = now
        }
        result.twin = entries[key]?.twin
        result.comebacks = entries[key]?.sighting.comebacks ?? 0
        return result
    }

    /// How long a BMC that was silent has to say again for which machine it stands: it has to ask the
    /// host first.
    private static let namingPatience: Duration = .seconds(180)

    /// Whether a look tells nothing of the machine that is claimed, and another may stand here.
    private func isNameless(
        _ observed: SystemIdentity, _ entry: Entry, _ device: Device, at now: Duration
    ) -> Bool {
        guard entry.sighting.wasSilent, entry.record.machine?.address == device.address,
            let claimed = entry.claimedIdentity, !claimed.isEmpty,
            claimed.comparison(with: observed).isSame == nil
        else { return false }
        return now - (entry.sighting.namelessSince ?? now) < Self.namingPatience
    }

    // MARK: The machine that stands here

    private mutating func noteIdentity(
        _ seen: SystemIdentity, of key: RecordKey, _ result: inout SeenMachine
    ) {
        guard let entry = entries[key], !seen.isEmpty else { return }
        let before = entry.sighting
        let comparison = compare(before.identity, with: seen, at: key)
        // Another at each of the last looks, and never one that was known: machines are not exchanged
        // so quickly. Once or twice may be one that was exchanged between two looks, and a BMC that
        // first says something else.
        let isOther = comparison.isSame == false
        let isKnown = isOther && isKnownMachine(seen, at: key)
        if isOther, isKnown || before.wasSilent || before.changes < 2 {
            changeSighting(of: key) { sighting in
                sighting.previous = before.identity
                sighting.identity = seen
                sighting.unreliable = []
                sighting.changes = isKnown || before.wasSilent ? 0 : before.changes + 1
                sighting.generation += 1
            }
            change(key) { entry in
                entry.facts = nil
                entry.hasLastingFacts = false
                entry.lacksMedia = false
            }
            result.isNewMachine = entry.record.claim == nil
            if result.isNewMachine {
                result.news.append(
                    "another machine stands here: \(seen.displayed ?? "unknown"), before it was"
                        + " \(before.identity.displayed ?? "unknown")")
            }
            return
        }
        var identity = before.identity
        var unreliable = before.unreliable
        for identifier in SystemIdentity.Identifier.allCases {
            guard let value = seen[identifier] else { continue }
            if comparison.isSame == false, comparison.differing.contains(identifier) {
                unreliable.insert(identifier)
                identity[identifier] = nil
            } else {
                identity[identifier] = value
            }
        }
        if comparison.isSame == false {
            result.news.append(
                "its \(Self.names(comparison.differing)) changed time and again while its BMC"
                    + " answered: that identifies nothing")
        }
        guard identity != before.identity || unreliable != before.unreliable else { return }
        changeSighting(of: key) { sighting in
            sighting.identity = identity
            sighting.unreliable = unreliable
        }
    }

    /// Whether an identity is that of a machine that is claimed here, was here before, or is, or was,
    /// at another device: what is seen then is no noise, but that machine. Two BMCs may exchange their
    /// addresses between two looks.
    private func isKnownMachine(_ seen: SystemIdentity, at key: RecordKey) -> Bool {
        if entries[key]?.sighting.previous.comparison(with: seen).isSame == true { return true }
        let identity = identities.meaningful(seen)
        guard !identity.isEmpty else { return false }
        return entries.contains { other, entry in
            let claimed = entry.record.claim == nil ? nil : entry.record.machine?.identity
            if other == key {
                return claimed.map { identity.comparison(with: $0).isSame == true } ?? false
            }
            return [entry.sighting.identity, entry.sighting.previous, claimed].contains { known in
                known.map { identity.comparison(with: $0).isSame == true } ?? false
            }
        }
    }

    // MARK: The machine that was claimed

    private mutating func compare(
        _ observed: SystemIdentity, _ device: Device, _ key: RecordKey, at now: Duration,
        _ result: inout SeenMachine
    ) {
        guard let entry = entries[key] else { return }
        let claimed = entry.record.machine ?? Machine(address: device.address)
        let unreliable = claimed.unreliable.union(entry.sighting.unreliable)
        // What stands on many machines does not show that this is the claimed one; that the claimed
        // one had something else shows that it is not.
        let here = Self.without(unreliable, observed)
        let wanted = self.claimed.meaningful(
            identities.meaningful(Self.without(unreliable, claimed.identity)))
        let comparison = compare(wanted, with: here, at: key)
        let isInPlace = claimed.address == device.address
        var learned = claimed
        // What was found to stand on many machines is remembered: after a start nobody knows it.
        let shared = identities.shared(claimed.identity).union(
            self.claimed.shared(claimed.identity))
        let useless =
            Self.without(unreliable.union(shared), claimed.identity).isEmpty
            ? unreliable : unreliable.union(shared)
        switch comparison.isSame {
        case nil where isInPlace: learned.learn(here, besides: useless)
        case nil:
            result.verdict = .other(
                "it can't be told whether the claimed machine stands here: it was claimed at"
                    + " \(claimed.address.displayed)"
                    + (claimed.identity.displayed.map { " as \($0)" } ?? ""))
        case true?:
            if !comparison.differing.isEmpty {
                result.news.append(
                    "its \(Self.names(comparison.differing)) is another than when it was claimed,"
                        + " its \(Self.names(comparison.agreeing)) is the same: taken for the same"
                        + " machine")
            }
            learned.learn(here, besides: useless)
            learned.address = device.address
        case false?:
            result.verdict = .other(
                "another machine stands here: \(here.displayed ?? "unknown"), claimed was"
                    + " \(wanted.displayed ?? "unknown")")
        }
        if learned != entry.record.machine { result.learned = learned }
        guard case .other(let text) = result.verdict else {
            if entry.sighting.mismatch != nil {
                changeSighting(of: key) { $0.forgetMismatch() }
            }
            return
        }
        if entry.sighting.mismatch == nil {
            result.news.append(
                "\(text): nothing is done to it until the claimed one is back, or `rackpool"
                    + " forget` says that it is gone")
        }
        guard entry.sighting.mismatch != text else { return }
        changeSighting(of: key) { sighting in
            sighting.mismatch = text
            sighting.mismatchSince = sighting.mismatchSince ?? now
        }
    }

    /// Compares what is known of the machine at a device with what a look has seen there. Of two that
    /// have something in common, the nodes of one chassis, it is the other if what differs is known
    /// of another device.
    private func compare(
        _ known: SystemIdentity, with seen: SystemIdentity, at key: RecordKey
    ) -> SystemIdentity.Comparison {
        var comparison = known.comparison(with: seen)
        let isNeighbour = comparison.differing.contains { identifier in
            identities.isKnown(identifier, of: seen, besides: key)
                || claimed.isKnown(identifier, of: seen, besides: key)
        }
        if isNeighbour { comparison.agreeing = [] }
        return comparison
    }

    static func without(
        _ unreliable: Set<SystemIdentity.Identifier>, _ identity: SystemIdentity
    ) -> SystemIdentity {
        var identity = identity
        for identifier in unreliable { identity[identifier] = nil }
        return identity
    }

    private static func names(_ identifiers: [SystemIdentity.Identifier]) -> String {
        identifiers.map(\.rawValue).joined(separator: " and ")
    }

    // MARK: One machine behind two devices

    /// Notes by what the machine is known that a device's record claims: it is claimed wherever it
    /// stands, and whether anybody looks at it or not.
    mutating func noteClaimedMachine(of key: RecordKey) {
        let before = claimed[key]
        let now = entries[key].flatMap(\.claimedIdentity) ?? SystemIdentity()
        var concerned = claimed.change(key, to: now)
        guard !concerned.isEmpty else { return }
        for identity in [before, now] { concerned.formUnion(identities.owners(of: identity)) }
        for key in concerned { findTwin(of: key) }
    }

    /// Where the machine stands that a device's record claims; nil if that is not known.
    func place(of key: RecordKey) -> RecordKey? {
        guard let entry = entries[key] else { return nil }
        if entry.isListed, entry.sighting.mismatch == nil, entry.sighting.lastLook != nil {
            return key
        }
        return whereabouts(of: key)
    }

    /// A device at which the machine may stand that a record claims, for nobody has looked there
    /// since the machine was missed, or at all; nil if there is none, or it would not be known.
    func unseen(since key: RecordKey) -> String? {
        guard let entry = entries[key] else { return nil }
        if entry.isListed, entry.sighting.lastLook == nil { return key.deviceName }
        guard !claimed.meaningful(claimed[key]).isEmpty else { return nil }
        let since = entry.sighting.mismatchSince
        return entries.filter { place, other in
            guard other.isListed, place != key else { return false }
            guard let last = other.sighting.lastLook else { return true }
            return since.map { last < $0 } ?? false
        }.compactMap(\.key.deviceName).min()
    }

    /// Where the machine stands that a device's record claims, if another stands in its place.
    func whereabouts(of key: RecordKey) -> RecordKey? {
        let identity = claimed.meaningful(claimed[key])
        return identities.owners(of: identity).filter { other in
            guard other != key, let entry = entries[other] else { return false }
            let comparison = identity.comparison(
                with: identities.meaningful(entry.sighting.identity))
            return comparison.isSame == true && comparison.differing.isEmpty
        }.min { "\($0)" < "\($1)" }
    }

    /// Everything that is known about a device; nil if nothing is.
    func status(of key: RecordKey) -> DeviceStatus? {
        guard let name = key.deviceName, let entry = entries[key] else { return nil }
        let whereabouts = entry.sighting.mismatch == nil ? nil : whereabouts(of: key)
        return DeviceStatus(name: name, entry, whereabouts: whereabouts?.deviceName)
    }

    private mutating func changeSighting(of key: RecordKey, _ body: (inout Sighting) -> Void) {
        guard let entry = entries[key] else { return }
        let old = entry.sighting
        var new = old
        body(&new)
        guard new != old else { return }
        if new.identity == old.identity {
            entries[key]?.sighting = new
        } else {
            change(key) { $0.sighting = new }
        }
        let concerned = identities.change(key, to: new.identity)
        for key in concerned { findTwin(of: key) }
    }

    /// Forgets what looks said of a device, because another machine is to stand there.
    mutating func forgetSighting(of key: RecordKey) {
        changeSighting(of: key) { sighting in
            sighting = Sighting(generation: sighting.generation + 1)
        }
    }

    /// Takes over what is known of a machine that stands under another name now.
    mutating func takeSighting(_ sighting: Sighting, to key: RecordKey) {
        changeSighting(of: key) { $0 = sighting }
    }

    /// Notes which devices are one machine by their addresses, in place of what was noted before.
    mutating func setAliases(_ aliases: [BMCAlias]) {
        var others: [RecordKey: String] = [:]
        for alias in aliases {
            others[.device(alias.device)] = alias.other
            others[.device(alias.other)] = alias.device
        }
        let known = entries.filter { $0.value.alias != nil }.map(\.key)
        for key in Set(known).union(others.keys) {
            entries[key]?.alias = others[key]
            findTwin(of: key)
        }
    }

    mutating func findTwin(of key: RecordKey) {
        guard let entry = entries[key], let address = entry.address else { return }
        let identity = identities.meaningful(entry.sighting.identity)
        func isSame(_ other: SystemIdentity, at place: MachineAddress?) -> Bool {
            // A BMC's own word that these are several systems is better than a chassis's serial.
            guard place?.bmc != address.bmc || place?.system == address.system else { return false }
            let comparison = identity.comparison(with: other)
            return comparison.isSame == true && comparison.differing.isEmpty
        }
        let keys = identities.owners(of: identity).union(claimed.owners(of: identity))
        let twins = keys.compactMap { other -> String? in
            guard other != key, let twin = entries[other], let name = other.deviceName,
                isSame(identities.meaningful(twin.sighting.identity), at: twin.address)
                    || isSame(claimed.meaningful(claimed[other]), at: twin.record.machine?.address)
            else { return nil }
            return name
        }
        let twin = twins.min() ?? entry.alias
        if entry.twin != twin { change(key) { $0.twin = twin } }
    }
}
