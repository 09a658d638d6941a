extension InventoryReader {
    /// Reads a secret that is given in at most one of three ways.
    /// - Parameters:
    ///   - keys: the keys for the text itself, a file with it, and an environment variable with it.
    ///   - allowingEmpty: whether the text itself may be empty.
    mutating func secret(
        _ members: [String: InventoryValue], keys: [String], allowingEmpty: Bool
    ) -> Setting<Placed<Secret>> {
        let given = keys.compactMap { key in members[key].map { (key: key, value: $0) } }
        guard let first = given.first else { return .absent }
        guard given.count == 1 else {
            for extra in given.dropFirst() {
                report(
                    "only one of \(given.map(\.key).joined(separator: ", ")) may be given",
                    at: extra.value.place)
            }
            return .faulty
        }
        let isText = first.key == keys.first
        let setting = text(of: first.value, allowingEmpty: isText && allowingEmpty)
        guard let text = setting.value else { return .faulty }
        let secret: Secret?
        if isText {
            secret = Secret(text.value)
            holdsSecret = holdsSecret || !text.value.isEmpty
        } else if first.key.hasSuffix("File") {
            secret = secretFromFile(text)
        } else {
            secret = secretFromEnvironment(text)
        }
        guard let secret else { return .faulty }
        return .given(Placed(value: secret, place: text.place))
    }

    private mutating func secretFromFile(_ path: Placed<String>) -> Secret? {
        do {
            return try files.secret(at: path.value)
        } catch {
            // A name of no file may be a password that was written in the wrong place.
            let isSecret = error.isMissing && !files.isPath(path.value)
            report(
                isSecret ? "there is no file of this name beside the inventory" : error.message,
                at: path.place)
            return nil
        }
    }

    private mutating func secretFromEnvironment(_ name: Placed<String>) -> Secret? {
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
