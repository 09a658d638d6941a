/// A device that is another one's machine, though its BMC's address is spelt otherwise: a name and
/// its address, two names of one host, an IPv4 address within an IPv6 one.
public struct BMCAlias: Sendable, Hashable {
    public let device: String
    /// The device that stands before it.
    public let other: String
    /// What is wrong and what to do, without the device's name.
    public let text: String

    /// The devices whose machine is that of one before them.
    /// - Parameters:
    ///   - machines: in the order of the inventory. What is spelt alike is not told: the
    ///     inventory's reader does that.
    ///   - resolved: the IP addresses of hosts; see ``BMCIndex``.
    public static func find(
        among machines: [BMCIndex.Member], resolved: [String: [String]]
    ) -> [BMCAlias] {
        var index = BMCIndex(resolved: resolved)
        return machines.compactMap { machine in
            defer { index.insert(machine) }
            let other = index.members(at: machine.address).first {
                $0.address.bmc != machine.address.bmc
            }
            guard let other else { return nil }
            return BMCAlias(
                device: machine.name, other: other.name,
                text: "\(machine.address.displayed) is the BMC of \(other.name) under another"
                    + " name (\(other.address.displayed)); list a server once")
        }
    }
}
