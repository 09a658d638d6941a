import Core
import Foundation
import TestServer
import Testing

@testable import Redfish

@Suite("Secrets in a recording", .timeLimit(.minutes(5)))
struct SecretTests {
    @Test("are taken out by their property's name, wherever they stand")
    func names() async throws {
        let secrets = (1...32).map { "hush\($0)xyz" } + ["815471", "815472", "815473", "815474"]
        let account: JSON = [
            "Password": .string(secrets[0]), "SNMP": ["AuthenticationKey": .string(secrets[1])],
            "CommunityStrings": [["CommunityString": .string(secrets[2]), "Name": "n"]],
            "Attributes": [
                "Users.2.Password": .string(secrets[3]),
                "SNMP.1.AgentCommunity": .string(secrets[4]),
                "IPMILan.1.EncryptionKey": .string(secrets[5]),
            ],
            "HttpHeaders": [["X-Custom": .string(secrets[6])], ["Other": [.string(secrets[7])]]],
            "LicenseString": .string(secrets[8]), "Token": .string(secrets[9]),
            "Oem": ["Cookie": .string(secrets[10]), "PassPhrase": .string(secrets[11])],
            "Keys": [.string(secrets[12])], "SharedSecret": .string(secrets[13]),
            "MinPasswordLength": 8, "PasswordChangeRequired": false, "Empty": ["Password": ""],
            "Password2": ["Value": "hush20xyz", "History": ["hush21xyz", ["Old": "hush22xyz"]]],
            "Communities": ["hush23xyz", ["Name": "public", "Community": "hush24xyz"]],
            "PSK": "hush25xyz", "AccountPassword": 815473, "UserPin2": 815474,
            "Passcode": 815471, "OTPSeed": "hush26xyz", "Pin": 815472,
            "PKCS12": "hush27xyz", "License": ["LicenseString": "hush28xyz", "Code": 1],
            "Registry": [["AttributeName": "AdminPassword", "CurrentValue": "hush29xyz"]],
            "RecoveryCodes": ["hush30xyz"], "Pre-Shared Key": "hush31xyz",
            "CertificateType": "PKCS12", "CertificateString": "hush32xyz",
            "KeyType": "RSA", "PasswordLink": ["@odata.id": "/redfish/v1/Tokens/1"],
        ]
        let service = try FakeService(Crawls.service(["AccountService": account]))
        defer { service.server.stop() }
        let recording = try await Crawls.record(service)
        let out = Crawls.freshFolder()
        try RecordingFolder.write(recording, to: out)
        let text = try Crawls.allText(in: out)
        for secret in secrets { #expect(!text.contains(secret)) }
        let kept = recording.read.last?.json
        #expect(kept?["MinPasswordLength"] == 8)
        #expect(kept?["PasswordChangeRequired"] == false)
        #expect(kept?["KeyType"] == "RSA")
        #expect(kept?["Empty"]?["Password"] == "")
        #expect(kept?["PasswordLink"]?["@odata.id"] == "/redfish/v1/Tokens/1")
    }

    @Test(
        "are taken out by their look, in any text",
        arguments: [
            "-----BEGIN RSA PRIVATE KEY-----\nMIIhush\n-----END RSA PRIVATE KEY-----",
            "sent Authorization: Basic aHVzaDpodXNo to the host", "Bearer hush-hush-hush-hush",
            "X-Auth-Token: hushhushhush", "Set-Cookie: SESSION=hush", "login with password=hush",
            "https://admin:hush@192.0.2.1/x", "snmp community: hush",
            "eyJhbGciOiJIUzI1NiJ9.eyJodXNoIjoxfQ.aHVzaA",
            "license HUSHA-BCDEF-GHJKL-MNPQR-STUVW ok", "root:$6$salt$hush/hash.hush:19000:0",
            "{SSHA}hushhushhush==", "nfs at admin:hush@192.0.2.1:/export",
            "https://a:h@hush/x@192.0.2.1/",
            "otpauth://totp/bmc?secret=hush", "https://host/x?sig=hush&y=1",
            "GET /a?access_token=hush",
            "<Password>hush</Password>", "<p:AdminPassword a=\"1\">hush</p:AdminPassword>",
            "<Attribute Name=\"Users.2#Password\">hush</Attribute>",
            "<add key=\"snmpCommunity\" value=\"hush\"/>", "passcode='hush hush'",
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIhush", "MIIEhuIBAzCCBhushhush",
            #"{"Password": "hush", "n": 1}"#, #"[{"a": "{\"Token\": \"hush\"}"}]"#,
            "0123456789abcdef0123456789abcdef:aad3b435b51404eeaad3b435deadbeef",
            "--password hush", "ghp_hushhushhushhushhush",
        ])
    func patterns(_ text: String) {
        let redacted = SecretRedaction().redacted(text)
        for secret in ["hush", "aHVzaDpodXNo", "HUSHA", "eyJodXNo", "MII", "deadbeef"] {
            #expect(!redacted.contains(secret), "\(redacted)")
        }
        #expect(redacted.contains(SecretRedaction.mark))
    }

    @Test("the password of the recording itself is never in it, echoed or not")
    func own() async throws {
        let service = try FakeService(
            Crawls.service(["Chassis": ["Description": "you said hunter2, didn't you"]]))
        defer { service.server.stop() }
        let recording = try await Crawls.record(service)
        #expect(recording.read.last?.json?["Description"] == "you said REDACTED, didn't you")
    }
}
