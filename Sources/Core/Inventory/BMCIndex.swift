internal import Foundation

/// Finds the device that stands behind an address, however that is spelt: a host may be known by
/// several names and addresses.
public struct BMCIndex: Sendable {
    /// A device, and where its machine is steered from.
    public struct Member: Sendable, Hashable {
        public let name: String
        public let address: MachineAddress

        public init(name: String, address: MachineAddress) {
            self.name = name
            self.address = address
        }
    }

    private var hosts: Hosts
    private var members: [String: [Member]] = [:]

    /// - Parameter resolved: the IP addresses of hosts, as texts. A host that is not in it stands
    ///   for itself.
    public init(resolved: [String: [String]]) {
        hosts = Hosts(resolved)
    }

    /// The hosts of BMCs that are names, so that they have addresses to find out.
    public static func hostNames(of addresses: some Sequence<MachineAddress>) -> Set<String> {
        Set(addresses.compactMap { (try? BMCAddress($0.bmc))?.host }.filter { !isLiteral($0) })
    }

    public mutating func insert(_ member: Member) {
        guard let place = place(of: member.address) else { return }
        members[place, default: []].append(member)
    }

    /// The devices whose machine is, or may be, the one at an address: a BMC of one system need not
    /// say which. In the order in which they were inserted.
    public func members(at address: MachineAddress) -> [Member] {
        guard let place = place(of: address) else { return [] }
        return (members[place] ?? []).filter { member in
            member.address.provider != address.provider || member.address.system == nil
                || address.system == nil || member.address.system == address.system
        }
    }

    // A host's own ports for Redfish and for IPMI belong to one BMC.
    private func place(of address: MachineAddress) -> String? {
        guard let bmc = try? BMCAddress(address.bmc) else { return nil }
        let port = bmc.port.map { " \(bmc.scheme) \($0)" } ?? ""
        return hosts.canonical(bmc.host) + port
    }

    private static func isLiteral(_ host: String) -> Bool {
        if host.hasPrefix("[") { return true }
        var address = in_addr()
        return inet_pton(AF_INET, host, &address) == 1
    }
}

/// Which hosts are one, because they have an address in common.
private struct Hosts {
    private var representatives: [String: String] = [:]

    init(_ resolved: [String: [String]]) {
        for (host, addresses) in resolved.sorted(by: { $0.key < $1.key }) {
            for address in addresses {
                let (one, other) = (canonical(host), canonical(address))
                if one != other { representatives[one] = other }
            }
        }
    }

    /// One spelling for all that are one host.
    func canonical(_ host: String) -> String {
        var root = Self.normal(host)
        while let next = representatives[root] { root = next }
        return root
    }

    /// An IPv4 address within an IPv6 one (RFC 4291, 2.5.5.2) is that IPv4 address; a name's last
    /// dot says nothing about which host it is.
    private static func normal(_ host: String) -> String {
        let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        let mapped = "::ffff:"
        if bare.hasPrefix(mapped), bare.contains(".") {
            return String(bare.dropFirst(mapped.count))
        }
        return bare.hasSuffix(".") ? String(bare.dropLast()) : bare
    }
}
