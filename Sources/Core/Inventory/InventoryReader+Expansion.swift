/// The texts of one key, one for each device of an entry, or one that is the same for all.
private struct Column {
    let texts: [String]
    let place: InventoryPlace

    subscript(index: Int) -> String { texts.count == 1 ? texts[0] : texts[index] }
}

extension InventoryReader {
    /// Adds the devices of one entry, and reports what is wrong with them. A mistake that many of
    /// them share is told once.
    mutating func expand(_ entry: InventoryEntry) {
        let names = names(of: entry)
        let count = names?.texts.count
        let addresses = addresses(of: entry, count: count)
        let systems = column(entry.system, count: count)
        let hostnames = hostnames(of: entry, count: count)
        var labels: [String: Column] = [:]
        for (key, label) in defaults.labels.merging(entry.labels, uniquingKeysWith: { $1 }) {
            labels[key] = column(.given(label), count: count)
        }
        let provider = provider(of: entry, at: addresses?.place, addresses?.urls.first)
        let credentials = credentials(of: entry, provider)
        let trust = entry.tls.or(defaults.tls).value?.value ?? .system
        let ipmi = ipmiOptions(of: entry)
        if let provider { checkMeaning(of: entry, for: provider) }
        if let place = entry.tls.value?.place,
            addresses?.urls.contains(where: \.isPlainHTTP) == true
        {
            report(
                "means nothing to a BMC at http://, which is spoken to in the clear; write https://,"
                    + " or remove it", at: place)
        }
        guard let names else { return }
        if let hostnames { registerHostnames(hostnames, of: names) }
        guard let addresses else { return }
        if systems != nil || entry.system.isAbsent {
            registerAddresses(addresses.urls, at: addresses.place, systems, of: names)
        }
        guard let credentials, let provider, let ipmi else { return }

        let shared = labels.filter { $0.value.texts.count == 1 }.mapValues { $0[0] }
        let ranged = labels.filter { $0.value.texts.count > 1 }
        for index in names.texts.indices {
            devices.append(
                Device(
                    name: names[index], provider: provider, bmc: addresses.urls[index].url,
                    system: systems?[index], hostname: hostnames?[index],
                    labels: ranged.isEmpty
                        ? shared : shared.merging(ranged.mapValues { $0[index] }) { $1 },
                    credentials: credentials, tls: provider == "ipmi" ? .system : trust,
                    ipmi: provider == "ipmi" ? ipmi : IPMIOptions(),
                    timeout: entry.timeout.or(defaults.timeout).value?.value))
        }
    }

    // MARK: - Ranges

    /// Reads a text's ranges; nil if they are broken, which is reported.
    mutating func hostList(_ text: Placed<String>) -> HostList? {
        do {
            return try HostList(text.value)
        } catch {
            report(error.description, at: text.place)
            return nil
        }
    }

    /// The texts of a key; nil if there is none, or it is faulty, which is reported.
    private mutating func column(_ setting: Setting<Placed<String>>, count: Int?) -> Column? {
        guard let text = setting.value, let list = hostList(text) else { return nil }
        if let count, list.hasRange, list.count != count {
            report("expands to \(list.count), but \"name\" to \(count)", at: text.place)
            return nil
        }
        guard mayExpand(list, at: text.place) else { return nil }
        return Column(texts: list.expanded(), place: text.place)
    }

    /// Whether the texts of all ranges stay within bounds; if not, that is reported.
    private mutating func mayExpand(_ list: HostList, at place: InventoryPlace) -> Bool {
        guard list.hasRange else { return true }
        guard textCount + list.count <= limits.texts else {
            report("makes ranges stand for more than \(limits.texts) texts in all", at: place)
            return false
        }
        textCount += list.count
        return true
    }

    // MARK: - Keys

    private mutating func names(of entry: InventoryEntry) -> Column? {
        if entry.name.isAbsent { report("is missing", at: entry.place.missing("name")) }
        guard let names = column(entry.name, count: nil) else { return nil }
        if names.texts.count > 1 {
            guard nameCount + names.texts.count <= limits.devices else {
                report(
                    "makes ranges stand for more than \(limits.devices) devices in all",
                    at: names.place)
                return nil
            }
            nameCount += names.texts.count
        }
        for name in names.texts where !Self.isName(name) {
            report(
                "\"\(name)\" is no name: 1 to \(Self.maximumNameLength) letters, digits, \".\", "
                    + "\"_\" and \"-\"", at: names.place)
            return nil
        }
        for name in names.texts {
            if let problem = register.add(name: name, line: names.place.line) {
                report(problem, at: names.place)
                break
            }
        }
        return names
    }

    private static let maximumNameLength = 63

    private static func isName(_ name: String) -> Bool {
        1...maximumNameLength ~= name.utf8.count && name.utf8.allSatisfy(\.isNamePart)
    }

    private mutating func addresses(
        of entry: InventoryEntry, count: Int?
    ) -> (urls: [BMCAddress], place: InventoryPlace)? {
        if entry.bmc.isAbsent { report("is missing", at: entry.place.missing("bmc")) }
        guard let text = entry.bmc.value else { return nil }
        do {
            // The message about a broken range would quote a part of what may be a password.
            if BMCAddress.mayHoldPassword(text.value) { _ = try BMCAddress(text.value) }
            guard let column = column(entry.bmc, count: count) else { return nil }
            var urls: [BMCAddress] = []
            urls.reserveCapacity(column.texts.count)
            for text in column.texts {
                urls.append(try BMCAddress(text))
            }
            // One that is the same for all is repeated, so that the second device meets the first.
            if urls.count == 1, let count, count > 1 {
                urls = Array(repeating: urls[0], count: count)
            }
            return (urls, column.place)
        } catch {
            report(error.message, at: text.place)
            return nil
        }
    }

    private mutating func hostnames(of entry: InventoryEntry, count: Int?) -> Column? {
        guard let hostnames = column(entry.hostname, count: count) else { return nil }
        for hostname in hostnames.texts
        where hostname.utf8.count > 253 || !hostname.utf8.allSatisfy(\.isNamePart) {
            report("\"\(hostname)\" is no hostname", at: hostnames.place)
            return nil
        }
        return hostnames
    }

    private mutating func registerHostnames(_ hostnames: Column, of names: Column) {
        for (index, name) in names.texts.enumerated() {
            if let problem = register.add(
                hostname: hostnames[index], of: name, line: hostnames.place.line)
            {
                report(problem, at: hostnames.place)
                return
            }
        }
    }

    private mutating func registerAddresses(
        _ addresses: [BMCAddress], at place: InventoryPlace, _ systems: Column?, of names: Column
    ) {
        for (index, name) in names.texts.enumerated() {
            if let problem = register.add(
                bmc: addresses[index], system: systems?[index], of: name, line: place.line)
            {
                report(problem, at: place)
                return
            }
        }
    }

    /// Who we are to the BMC; an empty user name asks for no login whatever the defaults say.
    private mutating func credentials(
        of entry: InventoryEntry, _ provider: String?
    ) -> Credentials? {
        let username = entry.username.or(defaults.username)
        let password = entry.password.or(defaults.password)
        if provider == "ipmi" { checkLength(of: username.value, password.value) }
        switch (username, password) {
        case (.faulty, _), (_, .faulty): return nil
        case (.absent, .absent): return Credentials(username: "", password: Secret(""))
        case (.given(let name), .absent):
            guard !name.value.isEmpty else { break }
            report(
                "a user name needs one of \(InventoryEntry.passwordKeys.joined(separator: ", "))",
                at: name.place)
            return nil
        case (.absent, .given(let secret)):
            report("a password needs a \"username\"", at: secret.place)
            return nil
        case (.given(let name), .given(let secret)):
            guard name.value.isEmpty else {
                return Credentials(username: name.value, password: secret.value)
            }
            guard entry.password.isAbsent else {
                // BMCs may have a user without a name (IPMI v2.0 6.9.1).
                if provider == "ipmi", !entry.username.isAbsent {
                    return Credentials(username: "", password: secret.value)
                }
                report("a password needs a \"username\"", at: secret.place)
                return nil
            }
        }
        return Credentials(username: "", password: Secret(""))
    }
}
