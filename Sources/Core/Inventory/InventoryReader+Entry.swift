extension InventoryReader {
    /// Reads one item of `devices`, or `defaults`.
    mutating func entry(_ value: InventoryValue, keys: [String]) -> InventoryEntry {
        var entry = InventoryEntry()
        entry.place = value.place
        guard let members = members(of: value, expecting: keys) else {
            // Nothing more can be said of it, so what is missing isn't reported either.
            entry.name = .faulty
            entry.bmc = .faulty
            return entry
        }
        entry.name = text(of: members["name"])
        entry.provider = checkedProvider(text(of: members["provider"]))
        entry.bmc = text(of: members["bmc"])
        entry.system = text(of: members["system"])
        entry.hostname = text(of: members["hostname"])
        entry.labels = labels(members["labels"])
        entry.username = text(of: members["username"], allowingEmpty: true)
        entry.password = secret(members, keys: InventoryEntry.passwordKeys, allowingEmpty: true)
        entry.tls = trust(members["tls"])
        entry.timeout = timeout(members["timeout"])
        entry.bmcKey = bmcKey(members)
        entry.cipherSuites = cipherSuites(members["cipherSuites"])
        entry.privilege = privilege(members["privilege"])
        entry.retryAfter = retryAfter(members["retryAfter"])
        entry.quirks = quirks(members["quirks"])
        return entry
    }

    private mutating func checkedProvider(
        _ provider: Setting<Placed<String>>
    ) -> Setting<Placed<String>> {
        guard let name = provider.value, !providers.contains(name.value) else { return provider }
        let advice =
            Spelling.nearest(to: name.value, among: providers).map { "did you mean \"\($0)\"?" }
            ?? "known are \(providers.joined(separator: ", "))"
        report("unknown provider \"\(name.value)\"; \(advice)", at: name.place)
        return .faulty
    }

    /// Reads how long an answer may take.
    private mutating func timeout(_ value: InventoryValue?) -> Setting<Placed<Duration>> {
        switch text(of: value) {
        case .absent: return .absent
        case .faulty: return .faulty
        case .given(let text):
            guard let duration = Duration(text: text.value),
                (.milliseconds(100)...Duration.seconds(600)).contains(duration)
            else {
                report("expected a time from 100ms to 10m, such as 60s", at: text.place)
                return .faulty
            }
            return .given(Placed(value: duration, place: text.place))
        }
    }

    private mutating func labels(_ value: InventoryValue?) -> [String: Placed<String>] {
        guard let value, let members = members(of: value, expecting: nil) else { return [:] }
        var labels: [String: Placed<String>] = [:]
        for (key, value) in members {
            if key.isEmpty { report("a label's name must not be empty", at: value.place) }
            labels[key] = text(of: value, allowingEmpty: true).value
        }
        return labels
    }
}
