/// Which devices' machines are known by which identifiers, so that one machine behind two devices
/// is found.
struct IdentityIndex {
    private struct Value: Hashable {
        let identifier: SystemIdentity.Identifier
        let text: String
    }

    /// More machines than this with one identifier: it identifies nothing.
    private static let mostOwners = 2

    private var owners: [Value: Set<RecordKey>] = [:]

    /// Replaces what is known of a device.
    /// - Returns: the devices that have had, or have now, something in common with it.
    mutating func change(
        _ key: RecordKey, from old: SystemIdentity, to new: SystemIdentity
    ) -> Set<RecordKey> {
        guard old != new else { return [] }
        var concerned: Set<RecordKey> = [key]
        for value in Self.values(of: old) {
            concerned.formUnion(owners[value] ?? [])
            owners[value]?.remove(key)
            if owners[value]?.isEmpty ?? false { owners[value] = nil }
        }
        for value in Self.values(of: new) {
            owners[value, default: []].insert(key)
            concerned.formUnion(owners[value] ?? [])
        }
        return concerned
    }

    /// The devices that share an identifier with an identity.
    func owners(of identity: SystemIdentity) -> Set<RecordKey> {
        Self.values(of: identity).reduce(into: []) { $0.formUnion(owners[$1] ?? []) }
    }

    /// The identity without what stands on many machines.
    func meaningful(_ identity: SystemIdentity) -> SystemIdentity {
        var identity = identity
        for value in Self.values(of: identity)
        where (owners[value]?.count ?? 0) > Self.mostOwners {
            identity[value.identifier] = nil
        }
        return identity
    }

    private static func values(of identity: SystemIdentity) -> [Value] {
        SystemIdentity.Identifier.allCases.compactMap { identifier in
            identity[identifier].map { Value(identifier: identifier, text: $0.lowercased()) }
        }
    }
}
