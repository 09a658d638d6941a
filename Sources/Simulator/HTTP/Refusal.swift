internal import Core
internal import NIOCore

/// A refused request, in the shape that Redfish demands (DSP0266, "Error responses"), with
/// a message of the Base registry (DSP8011).
struct Refusal: Error, Hashable {
    let status: Int
    var messageID: String
    let message: String
    let arguments: [String]
    let resolution: String
    /// What the answer's `Allow` header lists; nil for no such header.
    var allow: String?

    private static let registry = "Base.1.18."

    init(
        _ status: Int, _ key: String, _ message: String, _ arguments: [String] = [],
        resolution: String
    ) {
        self.status = status
        messageID = Self.registry + key
        self.message = message
        self.arguments = arguments
        self.resolution = resolution
    }

    /// The answer to send.
    func answer() -> SimulatedAnswer {
        var headers: [(name: String, value: String)] = []
        if let allow { headers.append(("Allow", allow)) }
        // RFC 9110, 11.6.1: a 401 has to say how to authenticate.
        if status == 401 { headers.append(("WWW-Authenticate", #"Basic realm="Redfish""#)) }
        let information: JSON = [
            "@odata.type": "#Message.v1_1_1.Message",
            "MessageId": .string(messageID),
            "Message": .string(message),
            "MessageArgs": .array(arguments.map(JSON.string)),
            "Severity": "Critical",
            "MessageSeverity": "Critical",
            "Resolution": .string(resolution),
        ]
        let body: JSON = [
            "error": [
                "code": .string(messageID),
                "message": .string(message),
                "@Message.ExtendedInfo": [information],
            ]
        ]
        return SimulatedAnswer(status: status, headers: headers, json: body)
    }
}
