import Core
import Testing

@testable import Redfish

@Suite("An error's body")
struct ErrorBodyTests {
    private static let bodies: [(JSON, String?)] = [
        (
            [
                "error": [
                    "code": "Base.1.0.GeneralError", "message": "See below.",
                    "@Message.ExtendedInfo": [
                        ["MessageId": "Base.1.0.GeneralError", "Message": "An error."],
                        ["MessageId": "Base.1.0.Real", "Message": "The cause."],
                    ],
                ]
            ], "Base.1.0.Real: The cause."
        ),
        (
            ["error": ["@Message.ExtendedInfo": ["MessageId": "X.1.0.Single"]]], "X.1.0.Single"
        ),
        (["@Message.ExtendedInfo": [["Message": "Bare."]]], "Bare."),
        (["error": ["code": "A", "message": "b"]], "A: b"),
        (["error": ["@Message.ExtendedInfo": []]], nil),
        (["error": ["@Message.ExtendedInfo": ["Only words."]]], "Only words."),
        ([], nil),
    ]

    @Test("shows the message that tells most", arguments: bodies)
    func message(body: JSON, text: String?) {
        #expect(RedfishErrorBody(body).text == text)
    }

    @Test("of an iLO has message names and arguments only")
    func iLO() {
        let body: JSON = [
            "error": [
                "code": "iLO.0.10.ExtendedInfo",
                "message": "See @Message.ExtendedInfo for more information.",
                "@Message.ExtendedInfo": [
                    ["MessageId": "iLO.2.8.UnsupportedOperationInSystemPowerState"],
                    [
                        "MessageId": "Base.1.4.PropertyValueNotInList",
                        "MessageArgs": ["Floppy", "BootSourceOverrideTarget"],
                    ],
                ],
            ]
        ]
        #expect(
            RedfishErrorBody(body).text
                == "iLO.2.8.UnsupportedOperationInSystemPowerState; "
                + "Base.1.4.PropertyValueNotInList: Floppy, BootSourceOverrideTarget")
    }

    @Test("of an iDRAC names the cause beside the standard's general words")
    func iDRAC() {
        let body: JSON = [
            "error": [
                "code": "Base.1.5.GeneralError",
                "message": "A general error has occurred. See ExtendedInfo for more information",
                "@Message.ExtendedInfo": [
                    [
                        "MessageId": "IDRAC.2.1.PSU501", "MessageArgs": ["On"],
                        "Message": "The server is already powered %1.",
                    ],
                    ["MessageId": "Base.1.5.GeneralError", "Message": "A general error."],
                ],
            ]
        ]
        #expect(
            RedfishErrorBody(body).text == "IDRAC.2.1.PSU501: The server is already powered On.")
    }

    @Test("of a Supermicro writes Message, of an AMI is a string")
    func otherSpellings() {
        let supermicro: JSON = [
            "error": ["code": "Base.v1_4_0.GeneralError", "Message": "The action failed."]
        ]
        #expect(
            RedfishErrorBody(supermicro).text == "Base.v1_4_0.GeneralError: The action failed.")
        let ami: JSON = ["error": "Invalid Authentication", "code": 15000]
        #expect(RedfishErrorBody(ami).text == "Invalid Authentication")
    }

    @Test("may carry messages at a property, and repeat them: each is shown once")
    func propertyMessages() {
        let once: JSON = ["MessageId": "Base.1.4.0.PropertyMissing", "Message": "Missing."]
        let body: JSON = ["UserName@Message.ExtendedInfo": [once, once]]
        #expect(RedfishErrorBody(body).text == "Base.1.4.0.PropertyMissing: Missing.")
    }

    @Test("with a message for each property is shown up to the third")
    func many() {
        let messages = (1...9).map { JSON.object(["MessageId": .string("B.1.0.M\($0)")]) }
        let body: JSON = ["error": ["@Message.ExtendedInfo": .array(messages)]]
        #expect(RedfishErrorBody(body).text == "B.1.0.M1; B.1.0.M2; B.1.0.M3")
    }
}
