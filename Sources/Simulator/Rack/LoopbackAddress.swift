/// The loopback addresses that BMCs get: 127.23.0.1 … 127.23.255.250, 250 to a subnet, so that
/// none looks like a network's or a broadcast address.
enum LoopbackAddress {
    private static let prefix = "127.23."
    private static let perSubnet = 250

    /// How many there are.
    static let count = 256 * perSubnet

    static func of(_ number: Int) -> String {
        "\(prefix)\(number / perSubnet).\(number % perSubnet + 1)"
    }

    /// The number of an address that ``of(_:)`` made; nil for any other.
    static func number(of address: String) -> Int? {
        guard address.hasPrefix(prefix) else { return nil }
        let parts = address.dropFirst(prefix.count).split(separator: ".").compactMap { Int($0) }
        guard parts.count == 2 else { return nil }
        return parts[0] * perSubnet + parts[1] - 1
    }
}
