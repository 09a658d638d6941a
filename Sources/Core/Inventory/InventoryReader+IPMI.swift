internal import Yams

extension InventoryReader {
    /// Reads K_G, as a text or, after `0x`, as hexadecimal digits.
    mutating func bmcKey(_ members: [String: InventoryValue]) -> Setting<Placed<Secret>> {
        let setting = secret(members, keys: InventoryEntry.bmcKeyKeys, allowingEmpty: false)
        guard let secret = setting.value else { return setting }
        guard let bytes = Self.keyBytes(secret.value.reveal()) else {
            report("expected two hexadecimal digits a byte after 0x", at: secret.place)
            return .faulty
        }
        guard bytes.count <= IPMIOptions.maximumKeyLength else {
            report(
                "has \(bytes.count) bytes; a BMC's key has at most"
                    + " \(IPMIOptions.maximumKeyLength)", at: secret.place)
            return .faulty
        }
        return .given(Placed(value: Secret(bytes: bytes), place: secret.place))
    }

    /// Nil if digits are announced and something else follows.
    private static func keyBytes(_ text: String) -> [UInt8]? {
        guard text.hasPrefix("0x") || text.hasPrefix("0X") else { return Array(text.utf8) }
        let digits = text.utf8.dropFirst(2).map { Character(Unicode.Scalar($0)) }
        guard !digits.isEmpty, digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[start].hexDigitValue, let low = digits[start + 1].hexDigitValue
            else { return nil }
            bytes.append(UInt8(high << 4 | low))
        }
        return bytes
    }

    /// Reads a list of cipher suites' numbers.
    mutating func cipherSuites(_ value: InventoryValue?) -> Setting<Placed<[Int]>> {
        guard let value else { return .absent }
        guard case .sequence(let nodes) = value.node else {
            report("expected a list such as [17, 3], found \(value.typeName)", at: value.place)
            return .faulty
        }
        if nodes.isEmpty { report("at least one is needed, such as [17, 3]", at: value.place) }
        var suites: [Int] = []
        for (index, node) in nodes.enumerated() {
            let item = InventoryValue(node, path: "\(value.place.path)[\(index)]")
            guard let text = text(of: item).value else { continue }
            let known = IPMIOptions.knownCipherSuites
            guard let suite = known.first(where: { String($0) == text.value }) else {
                let list = known.map { "\($0)" }.joined(separator: ", ")
                report("unknown cipher suite \(text.value); known are \(list)", at: text.place)
                continue
            }
            guard !suites.contains(suite) else {
                report("\(suite) is given twice", at: text.place)
                continue
            }
            suites.append(suite)
        }
        guard !suites.isEmpty, suites.count == nodes.count else { return .faulty }
        return .given(Placed(value: suites, place: value.place))
    }

    /// Reads the privilege that a session is to have.
    mutating func privilege(
        _ value: InventoryValue?
    ) -> Setting<Placed<IPMIOptions.Privilege>> {
        switch text(of: value) {
        case .absent: return .absent
        case .faulty: return .faulty
        case .given(let text):
            if let privilege = IPMIOptions.Privilege(rawValue: text.value) {
                return .given(Placed(value: privilege, place: text.place))
            }
            let names = IPMIOptions.Privilege.allCases.map(\.rawValue)
            let advice =
                Spelling.nearest(to: text.value, among: names).map { "did you mean \"\($0)\"?" }
                ?? "known are \(names.joined(separator: ", "))"
            report("unknown privilege \"\(text.value)\"; \(advice)", at: text.place)
            return .faulty
        }
    }

    /// Reads how long an answer is waited for.
    mutating func retryAfter(_ value: InventoryValue?) -> Setting<Placed<Duration>> {
        switch text(of: value) {
        case .absent: return .absent
        case .faulty: return .faulty
        case .given(let text):
            let times = IPMIOptions.retryTimes
            guard let duration = Duration(text: text.value), times.contains(duration) else {
                report(
                    "expected a time from \(times.lowerBound.text) to \(times.upperBound.text), such"
                        + " as 3s, found \"\(text.value)\"", at: text.place)
                return .faulty
            }
            return .given(Placed(value: duration, place: text.place))
        }
    }

    /// Reads the names of a BMC's habits.
    mutating func quirks(
        _ value: InventoryValue?
    ) -> Setting<Placed<Set<IPMIOptions.Quirk>>> {
        guard let value else { return .absent }
        let names = IPMIOptions.Quirk.allCases.map(\.rawValue)
        guard case .sequence(let nodes) = value.node else {
            report(
                "expected a list such as [\(names[0])], found \(value.typeName)", at: value.place)
            return .faulty
        }
        var quirks: Set<IPMIOptions.Quirk> = []
        var isFaulty = false
        for (index, node) in nodes.enumerated() {
            let item = InventoryValue(node, path: "\(value.place.path)[\(index)]")
            guard let text = text(of: item).value else {
                isFaulty = true
                continue
            }
            if let quirk = IPMIOptions.Quirk(rawValue: text.value) {
                quirks.insert(quirk)
                continue
            }
            let advice =
                Spelling.nearest(to: text.value, among: names).map { "did you mean \"\($0)\"?" }
                ?? "known are \(names.joined(separator: ", "))"
            report("unknown quirk \"\(text.value)\"; \(advice)", at: text.place)
            isFaulty = true
        }
        return isFaulty ? .faulty : .given(Placed(value: quirks, place: value.place))
    }

    /// What an entry and the defaults say about IPMI; nil if one of them is faulty.
    func ipmiOptions(of entry: InventoryEntry) -> IPMIOptions? {
        let standard = IPMIOptions()
        let bmcKey = entry.bmcKey.or(defaults.bmcKey)
        let cipherSuites = entry.cipherSuites.or(defaults.cipherSuites)
        let privilege = entry.privilege.or(defaults.privilege)
        if case .faulty = bmcKey { return nil }
        if case .faulty = cipherSuites { return nil }
        if case .faulty = privilege { return nil }
        let retryAfter = entry.retryAfter.or(defaults.retryAfter)
        let quirks = entry.quirks.or(defaults.quirks)
        if case .faulty = retryAfter { return nil }
        if case .faulty = quirks { return nil }
        return IPMIOptions(
            bmcKey: bmcKey.value?.value,
            cipherSuites: cipherSuites.value?.value ?? standard.cipherSuites,
            privilege: privilege.value?.value, retryAfter: retryAfter.value?.value,
            quirks: quirks.value?.value ?? [])
    }

    /// Reports what an entry says itself and its provider makes nothing of. What stands in the
    /// defaults is for the devices that it suits.
    mutating func checkMeaning(of entry: InventoryEntry, for provider: String) {
        switch provider {
        case "ipmi":
            for place in [entry.tls.value?.place, entry.system.value?.place].compactMap({ $0 }) {
                report("means nothing to the provider ipmi; remove it", at: place)
            }
        case "redfish":
            let places = [
                entry.bmcKey.value?.place, entry.cipherSuites.value?.place,
                entry.privilege.value?.place, entry.retryAfter.value?.place,
                entry.quirks.value?.place,
            ]
            for place in places.compactMap({ $0 }) {
                report("means nothing to the provider redfish; remove it", at: place)
            }
        default: break
        }
    }

    /// Reports a user name or a password that is longer than IPMI's fields for it: such a user
    /// can't exist on the BMC (IPMI v2.0 22.28, 22.30).
    mutating func checkLength(of username: Placed<String>?, _ password: Placed<Secret>?) {
        for (what, bytes, limit, place) in [
            ("user name", username?.value.utf8.count, 16, username?.place),
            ("password", password?.value.revealBytes().count, 20, password?.place),
        ] {
            guard let bytes, let place, bytes > limit else { continue }
            report("is too long: over IPMI, a \(what) has at most \(limit) bytes", at: place)
        }
    }
}
