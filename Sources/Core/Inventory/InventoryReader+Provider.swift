extension InventoryReader {
    private static let standardProvider = "redfish"

    /// The schemes of a provider's addresses, the best first; any other provider takes any.
    private static let schemes = ["redfish": ["https", "http"], "ipmi": ["ipmi"]]

    /// The provider of an entry's devices: what the entry says, else what its address tells, where
    /// the defaults say nothing or don't suit the address.
    /// - Parameters:
    ///   - place: the address's.
    ///   - address: the first one's; the others of a range have the same scheme.
    /// - Returns: nil if there is none, or it doesn't suit the address, which is reported.
    mutating func provider(
        of entry: InventoryEntry, at place: InventoryPlace?, _ address: BMCAddress?
    ) -> String? {
        let setting = entry.provider.or(defaults.provider)
        if case .faulty = setting { return nil }
        if let given = setting.value?.value {
            guard let address, let place, !Self.suits(given, address.scheme) else { return given }
            if entry.provider.isAbsent, let other = provider(for: address.scheme) { return other }
            let wanted = (Self.schemes[given] ?? []).map { "\($0)://" }.joined(separator: " or ")
            let hint = provider(for: address.scheme).map { ", or write \"provider: \($0)\"" } ?? ""
            report(
                "\(address.scheme):// does not suit the provider \(given), whose BMCs are at"
                    + " \(wanted)\(hint)", at: place)
            return nil
        }
        if let address, let place {
            if let provider = provider(for: address.scheme) { return provider }
            if address.scheme == "ipmi" {
                report(
                    "ipmi:// has no provider here; known are"
                        + " \(providers.joined(separator: ", "))", at: place)
                return nil
            }
        } else if providers.contains(Self.standardProvider) {
            return Self.standardProvider
        }
        report(
            "is missing; known are \(providers.joined(separator: ", "))",
            at: entry.place.missing("provider"))
        return nil
    }

    private static func suits(_ provider: String, _ scheme: String) -> Bool {
        schemes[provider]?.contains(scheme) ?? true
    }

    /// The provider that a scheme tells of, if it exists.
    private func provider(for scheme: String) -> String? {
        providers.first { Self.schemes[$0]?.contains(scheme) == true }
    }
}
