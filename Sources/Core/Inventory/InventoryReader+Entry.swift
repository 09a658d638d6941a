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
        entry.password = password(members)
        entry.tls = trust(members["tls"])
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

    private mutating func labels(_ value: InventoryValue?) -> [String: Placed<String>] {
        guard let value, let members = members(of: value, expecting: nil) else { return [:] }
        var labels: [String: Placed<String>] = [:]
        for (key, value) in members {
            if key.isEmpty { report("a label's name must not be empty", at: value.place) }
            labels[key] = text(of: value, allowingEmpty: true).value
        }
        return labels
    }

    private mutating func password(_ members: [String: InventoryValue]) -> Setting<Placed<Secret>> {
        let given = InventoryEntry.passwordKeys.compactMap { key in
            members[key].map { (key: key, value: $0) }
        }
        guard let first = given.first else { return .absent }
        guard given.count == 1 else {
            for extra in given.dropFirst() {
                report(
                    "only one of \(given.map(\.key).joined(separator: ", ")) may be given",
                    at: extra.value.place)
            }
            return .faulty
        }
        let setting = text(of: first.value, allowingEmpty: first.key == "password")
        guard let text = setting.value else { return .faulty }
        let secret: Secret?
        switch first.key {
        case "passwordFile": secret = passwordFromFile(text)
        case "passwordEnv": secret = passwordFromEnvironment(text)
        default: secret = Secret(text.value)
        }
        guard let secret else { return .faulty }
        return .given(Placed(value: secret, place: text.place))
    }

    private mutating func passwordFromFile(_ path: Placed<String>) -> Secret? {
        do {
            return try files.password(at: path.value)
        } catch {
            report(error.message, at: path.place)
            return nil
        }
    }

    private mutating func passwordFromEnvironment(_ name: Placed<String>) -> Secret? {
        // A name that isn't there may be a password that was written in the wrong place.
        guard let text = environment[name.value] else {
            report("the environment has no variable of this name", at: name.place)
            return nil
        }
        guard !text.isEmpty else {
            report("the environment's variable \"\(name.value)\" is empty", at: name.place)
            return nil
        }
        return Secret(text)
    }
}
