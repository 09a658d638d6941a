internal import Core

/// One network interface (DSP2046 `EthernetInterface`), or what stands for it in an adapter: a
/// function (`NetworkDeviceFunction.Ethernet`) or a port (`NetworkPort.AssociatedNetworkAddresses`,
/// `Port.Ethernet.AssociatedMACAddresses`).
struct EthernetInterface {
    /// The addresses in use and burnt in, normalised; without placeholders.
    let macAddresses: [String]
    /// Whether it is the host's end of a link to its own BMC, over USB mostly: `Links.HostInterface`
    /// (DSP2046), or Lenovo's and Supermicro's name for it.
    let leadsToManager: Bool

    init(_ resource: RedfishResource) {
        let json = resource.json
        let id = json.text("Id") ?? BMCAddress.lastSegment(of: resource.path)
        leadsToManager =
            json["Links"]?.link("HostInterface") != nil || id.lowercased() == "tomanager"
        let single = [json, json["Ethernet"] ?? .null].flatMap { place in
            ["MACAddress", "PermanentMACAddress"].compactMap { place.text($0) }
        }
        let lists =
            (json.texts("AssociatedNetworkAddresses") ?? [])
            + (json["Ethernet"]?.texts("AssociatedMACAddresses") ?? [])
        macAddresses = (single + lists).compactMap(Self.normalised)
    }

    /// Lower case with colons; nil for what is no address of an interface: `Not Available`
    /// (`cray-ex425-two-nodes`), all zeros, all ones.
    static func normalised(_ text: String) -> String? {
        let digits = text.lowercased().filter { $0 != ":" && $0 != "-" && $0 != "." }
        guard digits.utf8.count == 12, digits.allSatisfy({ $0.isASCII && $0.isHexDigit }),
            Set(digits) != ["0"], Set(digits) != ["f"]
        else { return nil }
        return stride(from: 0, to: 12, by: 2)
            .map { String(digits.dropFirst($0).prefix(2)) }.joined(separator: ":")
    }
}
