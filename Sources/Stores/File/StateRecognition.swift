internal import Core

/// Tells a state file from what is none, and says what that looks like: what isn't ours is not
/// replaced.
struct StateRecognition {
    let file: String

    /// - Throws: ``StoreError/unreadable(_:)`` unless the value has what all state files have, those
    ///   of InfraKit-Instance-C too.
    func check(_ root: JSON) throws(StoreError) {
        guard let object = root.object else {
            throw foreign("it holds \(root.typeName), and a state is an object")
        }
        guard object["Provider"] != nil, object["Instances"] != nil else {
            throw foreign(Self.likeness(of: object))
        }
        if let format = object["Provider"]?["Format"]?.integer,
            format > StateDocument.readFormats.upperBound
        {
            throw newer(format)
        }
    }

    /// What to say of a text that is no JSON.
    func error(of fault: JSONParseError, in bytes: [UInt8]) -> StoreError {
        if bytes.allSatisfy({ [0, 9, 10, 13, 32].contains($0) }) {
            return .unreadable(
                "\(file):1: is empty (\(bytes.count) bytes), which no rackpool leaves behind: the"
                    + " state is never replaced: put back what was in it; only if it never held"
                    + " anything, remove it to start with an empty pool")
        }
        if let format = Self.format(in: bytes), format > StateDocument.readFormats.upperBound {
            return newer(format)
        }
        return .unreadable(
            "\(file):\(fault.line):\(fault.column): \(fault.message);"
                + " \(StateLoader.advice(file))")
    }

    /// The refusal of what this release has no business with: another program's file, or a newer
    /// release's, damaged or not. Nil for a state file, and for what may be a damaged one.
    func refusal(of bytes: [UInt8]) -> StoreError? {
        if let root = try? JSON(parsing: bytes, maximumDepth: StateDocument.maximumDepth) {
            do throws(StoreError) {
                try check(root)
            } catch {
                return error
            }
        } else if let format = Self.format(in: bytes),
            format > StateDocument.readFormats.upperBound
        {
            return newer(format)
        }
        return nil
    }

    private func newer(_ format: Int64) -> StoreError {
        .unreadable(
            "\(file): Provider.Format: is \(format), this release reads"
                + " \(StateDocument.readFormats.lowerBound) to"
                + " \(StateDocument.readFormats.upperBound): a newer release wrote the file: start"
                + " that one; the state is never replaced")
    }

    private func foreign(_ text: String) -> StoreError {
        .unreadable(
            "\(file): is no state file: \(text); the state is never replaced, and this file was left"
                + " as it is: give another --state, or move the file away if nobody needs it")
    }

    private static func likeness(of object: JSONObject) -> String {
        if object["OneViewGroups"] != nil {
            return
                "it looks like the state of infrakit-instance-oneview, whose servers are OneView's"
        }
        if object["name"] != nil, object["dependencies"] != nil || object["version"] != nil {
            return "it looks like an npm package's package.json"
        }
        if object["Instances"] != nil {
            return "it has `Instances` and no `Provider`, which all state files have"
        }
        // Names alone: what they hold may be secret.
        let names = object.keys.prefix(4).map { "`\(String($0.prefix(40)))`" }
        return "it has neither `Provider` nor `Instances`, but "
            + (names.isEmpty ? "nothing at all" : names.joined(separator: ", "))
    }

    /// What the text of a file says of its format, damaged or not.
    static func format(in bytes: [UInt8]) -> Int64? {
        guard let provider = StateText.find("Provider", "{", in: bytes),
            let title = StateText.find("Format", nil, in: bytes, from: provider)
        else { return nil }
        let digits = bytes[title...].drop { $0 == UInt8(ascii: " ") }.prefix(18)
            .prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return Int64(String(decoding: digits, as: UTF8.self))
    }
}
