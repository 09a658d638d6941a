/// Which devices' machines are known by which identifiers, so that one machine behind two devices
/// is found.
struct IdentityIndex {
    private struct Value: Hashable {
        let identifier: SystemIdentity.Identifier
        let text: String
    }

    /// More devices than this with one identifier, and it identifies nothing: but for one machine
    /// that is listed several times, or was moved about.
    private static let mostOwners = 2
    /// Of more devices than this nobody asks whether they are one machine.
    private static let mostCompared = 8

    private var known: [RecordKey: SystemIdentity] = [:]
    private var owners: [Value: Set<RecordKey>] = [:]

    /// What is known of a device.
    subscript(key: RecordKey) -> SystemIdentity { known[key] ?? SystemIdentity() }

    /// Replaces what is known of a device.
    /// - Returns: the devices for which something may follow from that.
    mutating func change(_ key: RecordKey, to identity: SystemIdentity) -> Set<RecordKey> {
        let old = known[key] ?? SystemIdentity()
        guard old != identity else { return [] }
        known[key] = identity.isEmpty ? nil : identity
        var concerned: Set<RecordKey> = [key]
        for value in Self.values(of: old) {
            concerned.formUnion(few(owners[value]))
            owners[value]?.remove(key)
            if owners[value]?.isEmpty ?? false { owners[value] = nil }
        }
        for value in Self.values(of: identity) {
            owners[value, default: []].insert(key)
            concerned.formUnion(few(owners[value]))
        }
        return concerned
    }

    /// The devices that share an identifier with an identity.
    func owners(of identity: SystemIdentity) -> Set<RecordKey> {
        Self.values(of: identity).reduce(into: []) { $0.formUnion(owners[$1] ?? []) }
    }

    /// What of an identity stands on many machines.
    func shared(_ identity: SystemIdentity) -> Set<SystemIdentity.Identifier> {
        Set(Self.values(of: identity).filter(isOfMany).map(\.identifier))
    }

    /// Whether an identifier's value is known of another device.
    func isKnown(
        _ identifier: SystemIdentity.Identifier, of identity: SystemIdentity,
        besides key: RecordKey
    ) -> Bool {
        identity[identifier].map { text in
            let value = Value(identifier: identifier, text: text.lowercased())
            return owners[value]?.contains { $0 != key } ?? false
        } ?? false
    }

    /// The identity without what stands on many machines.
    func meaningful(_ identity: SystemIdentity) -> SystemIdentity {
        var identity = identity
        for value in Self.values(of: identity) where isOfMany(value) {
            identity[value.identifier] = nil
        }
        return identity
    }

    private func isOfMany(_ value: Value) -> Bool {
        guard let keys = owners[value], keys.count > 1 else { return false }
        guard keys.count <= Self.mostCompared else { return true }
        let identities = keys.compactMap { known[$0] }
        return !identities.dropFirst().allSatisfy { other in
            let comparison = identities[0].comparison(with: other)
            // Nodes of one chassis may tell its serial, and have UUIDs of their own.
            guard comparison.differing.isEmpty else { return false }
            return keys.count <= Self.mostOwners
                || (comparison.agreeing.count > 1 && comparison.agreeing.contains(.uuid))
        }
    }

    /// Where an identifier is on many machines, one more changes nothing for the others.
    private func few(_ keys: Set<RecordKey>?) -> Set<RecordKey> {
        guard let keys, keys.count <= 2 * Self.mostCompared else { return [] }
        return keys
    }

    private static func values(of identity: SystemIdentity) -> [Value] {
        SystemIdentity.Identifier.allCases.compactMap { identifier in
            identity[identifier].map { Value(identifier: identifier, text: $0.lowercased()) }
        }
    }
}
