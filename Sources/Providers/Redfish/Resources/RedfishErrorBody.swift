internal import Core

/// What a service says about a request that it did not carry out (DSP0266, error responses).
struct RedfishErrorBody {
    /// All messages, `@Message.ExtendedInfo` first.
    let all: [Message]
    /// The message that tells most; nil if the body holds none.
    let message: Message?

    /// One element of `@Message.ExtendedInfo` (DSP2046 `Message`).
    struct Message: CustomStringConvertible {
        let messageID: String?
        let message: String?
        /// What goes into the message (`MessageArgs`).
        var arguments: [String] = []

        /// `Base.1.8.ActionNotSupported: The action Reset is not supported.`
        var description: String {
            [messageID, message].compactMap(\.self).joined(separator: ": ")
        }
    }

    /// How many messages are shown at most: the first mostly names the cause, some services go on
    /// with one for each property.
    private static let shownMessages = 3

    /// The messages that tell something, in one line; nil if there is none.
    var text: String? {
        var seen: Set<String> = []
        let telling = all.filter { !Self.saysNothing($0.messageID) }.map(\.description)
            .filter { seen.insert($0).inserted }
        guard telling.count > 1 else { return message?.description }
        return telling.prefix(Self.shownMessages).joined(separator: "; ")
    }

    init(_ json: JSON) {
        // Some services leave out the object "error" around it; AMI's writes a string there.
        let error = json["error"] ?? json
        let messages =
            Self.extended(in: error) + (json["error"] == nil ? [] : Self.extended(in: json))
        let words = error.string.map { $0.readable(limit: 500) }
        let own = Message(
            messageID: error.text("code"),
            // Supermicro's is written "Message".
            message: error.text("message") ?? error.text("Message") ?? words)
        let hasOwn = own.messageID != nil || own.message != nil
        all = messages + (hasOwn && messages.isEmpty ? [own] : [])
        // sushy-emulator puts its words beside an entry that has none.
        let candidates = messages + (hasOwn ? [own] : [])
        message =
            messages.first { !Self.saysNothing($0.messageID) }
            ?? candidates.first { $0.message != nil } ?? candidates.first
    }

    /// The messages under `@Message.ExtendedInfo`, and under that of a property, which older
    /// OpenBMC writes (openbmc/bmcweb issue 63).
    private static func extended(in json: JSON) -> [Message] {
        guard let object = json.object else { return [] }
        return object.filter { $0.key.hasSuffix("@Message.ExtendedInfo") }.flatMap { entry in
            // Some services leave out the array.
            (entry.value.array ?? [entry.value]).compactMap(message)
        }
    }

    /// One element of `@Message.ExtendedInfo`, or of a task's `Messages`; nil if it says nothing.
    static func message(_ json: JSON) -> Message? {
        if let words = json.string { return Message(messageID: nil, message: words) }
        // iLOs before the standard write the latter (goldyfruit/ansible-ilo, issue 1).
        let id = json.text("MessageId") ?? json.text("MessageID")
        let arguments = (json["MessageArgs"]?.array ?? []).compactMap {
            $0.string ?? $0.number?.description
        }
        var words = json.text("Message")
        for (index, argument) in arguments.enumerated().reversed() {
            words = words?.split(separator: "%\(index + 1)", omittingEmptySubsequences: false)
                .joined(separator: argument)
        }
        // An iLO names the message and what goes into it, and leaves the rest to its registry.
        if words == nil, id != nil, !arguments.isEmpty {
            words = arguments.joined(separator: ", ").readable(limit: 300)
        }
        // Where to go instead may stand in the arguments alone.
        for place in arguments where place.hasPrefix(ServiceRoot.path) {
            if let known = words, !known.contains(place) { words = "\(known) (\(place))" }
        }
        guard id != nil || words != nil else { return nil }
        return Message(
            messageID: id, message: words ?? json.text("Resolution"), arguments: arguments)
    }

    // These only say that there is a further message (Base registry; "ExtendedInfo" is an iLO's).
    private static func saysNothing(_ messageID: String?) -> Bool {
        ["GeneralError", "Success", "ExtendedInfo"].contains(messageID?.split(separator: ".").last)
    }
}
