internal import Core

/// What a service says about a request that it did not carry out (DSP0266, error responses).
struct RedfishErrorBody {
    /// The message that tells most; nil if the body holds none.
    let message: Message?
    /// All that is said, the error's own code and text last.
    let messages: [Message]

    /// One element of `@Message.ExtendedInfo` (DSP2046 `Message`).
    struct Message: CustomStringConvertible {
        let messageID: String?
        let message: String?

        /// `Base.1.8.ActionNotSupported: The action Reset is not supported.`
        var description: String {
            [messageID, message].compactMap(\.self).joined(separator: ": ")
        }

        init(messageID: String?, message: String?) {
            self.messageID = messageID
            self.message = message
        }

        /// - Parameter json: as in `@Message.ExtendedInfo`, or in a task's `Messages`. Pre-standard
        ///   iLO writes `MessageID` (goldyfruit/ansible-ilo, issue 1).
        init(_ json: JSON) {
            self.init(
                messageID: json.text("MessageId") ?? json.text("MessageID"),
                message: json.text("Message"))
        }
    }

    init(_ json: JSON) {
        // Some services leave out the object "error" around it, or the array.
        let error = json["error"] ?? json
        let extended = error["@Message.ExtendedInfo"] ?? json["@Message.ExtendedInfo"]
        let listed = (extended?.array ?? extended.map { [$0] } ?? [])
            .map(Message.init).filter { $0.messageID != nil || $0.message != nil }
        let own = Message(messageID: error.text("code"), message: error.text("message"))
        // sushy-emulator puts its words beside an entry that has none.
        messages = listed + [own].filter { $0.messageID != nil || $0.message != nil }
        message =
            listed.first { !Self.saysNothing($0.messageID) }
            ?? messages.first { $0.message != nil } ?? messages.first
    }

    // Base registry: these only say that there is a further message.
    private static func saysNothing(_ messageID: String?) -> Bool {
        ["GeneralError", "Success"].contains(messageID?.split(separator: ".").last)
    }
}
