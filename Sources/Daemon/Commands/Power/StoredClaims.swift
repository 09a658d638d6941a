import Core

/// Which machines are claimed, by what a plugin that does not run has left in its state. A claim is
/// about a machine, so that it holds under whatever name the inventory has for that.
struct StoredClaims {
    private let claims: [String: Claim]
    private let identities: [String: SystemIdentity]
    private let machines: BMCIndex
    /// A claim of which nobody knows where its machine stands.
    private let placeless: (name: String, claim: Claim)?

    /// - Parameters:
    ///   - records: what is stored.
    ///   - devices: the inventory; it tells where the machines of older records stand.
    ///   - resolved: the IP addresses of BMCs' hosts; see `BMCIndex`.
    init(_ records: [DeviceRecord], devices: [Device], resolved: [String: [String]]) {
        let listed = Set(devices.map(\.name))
        var claims: [String: Claim] = [:]
        var identities: [String: SystemIdentity] = [:]
        var machines = BMCIndex(resolved: resolved)
        var placeless: (name: String, claim: Claim)?
        for record in records {
            guard let claim = record.claim, let name = record.key.deviceName else { continue }
            claims[name] = claim
            identities[name] = record.machine?.identity
            if let address = record.machine?.address {
                machines.insert(BMCIndex.Member(name: name, address: address))
            } else if !listed.contains(name) {
                placeless = (name, claim)
            }
        }
        self.claims = claims
        self.identities = identities
        self.machines = machines
        self.placeless = placeless
    }

    /// Why a device is not switched at which a look has seen a machine; nil if that is not claimed.
    func refusal(of device: Device, seen: SystemIdentity) -> String? {
        let owner = identities.sorted { $0.key < $1.key }.first { _, identity in
            let comparison = identity.comparison(with: seen)
            return comparison.isSame == true && comparison.differing.isEmpty
        }
        guard let name = owner?.key, let claim = claims[name] else { return nil }
        return "\(PowerError.claimed(device, claim)) (as \(name), whose machine stands here)"
    }

    /// Why a device is not switched; nil if it is not claimed.
    func refusal(of device: Device) -> String? {
        if let claim = claims[device.name] { return "\(PowerError.claimed(device, claim))" }
        if let other = machines.members(at: device.address).first, let claim = claims[other.name] {
            return "\(PowerError.claimed(device, claim)) (as \(other.name))"
        }
        guard let placeless else { return nil }
        return device.described(
            "not switched: \(placeless.claim.id) claims \(placeless.name), which this inventory does"
                + " not list, and nobody knows where it stands: it may be this one; list it, or"
                + " --force it")
    }
}
