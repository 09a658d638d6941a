/// One network interface (DSP2046 `EthernetInterface`).
struct EthernetInterface {
    /// The addresses in use and burnt in, normalised; without placeholders.
    let macAddresses: [String]

    init(_ resource: RedfishResource) {
        macAddresses = ["MACAddress", "PermanentMACAddress"]
            .compactMap { resource.json.text($0) }.compactMap(Self.normalised)
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
