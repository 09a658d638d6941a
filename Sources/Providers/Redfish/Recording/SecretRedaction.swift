internal import Core
internal import Foundation

/// Takes out of an answer what nobody may learn from a recording: by the name of the property, and
/// by what secrets look like wherever they stand.
struct SecretRedaction: Sendable {
    /// What stands where a secret stood.
    static let mark = "REDACTED"

    /// What the recording itself was made with.
    private let own: [String]

    // Parts of a property's name, in lower case. The strings of such a property are secrets; its
    // numbers and booleans (`MinPasswordLength`) are not.
    private static let namesOfSecrets = [
        "password", "passwd", "passphrase", "secret", "token", "community", "privatekey", "cookie",
        "authorization", "credential", "licensestring", "licensekey", "activationkey",
    ]
    // `EncryptionKey`, `SharedKey`, `LicenseKey`, `SSHKeys`, but not `KeyType`.
    private static let ends = ["key", "keys", "pin"]
    // Keys of messages and the like, and keys that a person presses.
    private static let harmless: Set = ["messagekey", "registrykey", "hotkey", "sortkey"]
    /// What stands below these is secret, whatever its name: headers that are sent with events.
    private static let subtrees: Set = ["httpheaders", "cookies"]
    /// These lead somewhere or say what a thing is.
    private static let structural: Set = [
        "@odata.id", "@odata.type", "@odata.context", "href", "target",
    ]

    /// - Parameter own: the password that the service is read with.
    init(own: [String] = []) {
        // A shorter one is part of everyday words.
        self.own = own.filter { $0.utf8.count >= 4 }
    }

    func redacted(_ json: JSON) -> JSON {
        redacted(json, under: "", isSecret: false)
    }

    func redacted(_ text: String) -> String {
        var text = text
        for secret in own where text.contains(secret) {
            text = text.replacing(secret, with: Self.mark)
        }
        // Nearly all strings hold no sign of a secret, and the patterns take their time.
        guard Self.mayHoldSecret(text) else { return text }
        return Self.patterns.reduce(text) { text, pattern in
            pattern.expression.stringByReplacingMatches(
                in: text, range: NSRange(text.startIndex..., in: text),
                withTemplate: pattern.replacement)
        }
    }

    private func redacted(_ value: JSON, under key: String, isSecret: Bool) -> JSON {
        switch value {
        case .string(let text):
            if Self.structural.contains(key) || key.hasSuffix("@odata.nextLink") { return value }
            if isSecret { return text.isEmpty ? value : .string(Self.mark) }
            return .string(redacted(text))
        case .array(let elements):
            return .array(elements.map { redacted($0, under: key, isSecret: isSecret) })
        case .object(let object):
            let isBelow = isSecret && Self.subtrees.contains(key.lowercased())
            return .object(
                JSONObject(
                    object.map { member in
                        let isSecret = isBelow || Self.isSecret(member.key)
                        return (
                            member.key,
                            redacted(
                                member.value, under: isBelow ? "httpheaders" : member.key,
                                isSecret: isSecret)
                        )
                    }))
        default: return value
        }
    }

    private static func isSecret(_ name: String) -> Bool {
        // `Password@Redfish.AllowableValues` and the like say what is allowed, not what is.
        let folded = name.lowercased()
        if folded.contains("@") || folded.hasPrefix("#") { return false }
        if subtrees.contains(folded) { return true }
        if harmless.contains(folded) { return false }
        return namesOfSecrets.contains { folded.contains($0) }
            || ends.contains { folded.hasSuffix($0) }
    }
}

extension SecretRedaction {
    private struct Pattern: Sendable {
        let expression: NSRegularExpression
        let replacement: String

        init?(_ text: String, _ replacement: String = SecretRedaction.mark) {
            guard let expression = try? NSRegularExpression(pattern: text) else { return nil }
            self.expression = expression
            self.replacement = replacement
        }
    }

    private static let signs = [
        "-----", "basic ", "bearer ", "x-auth-token", "cookie", "password", "passwd", "secret",
        "token", "community", "eyj", "@", "-",
    ]

    private static func mayHoldSecret(_ text: String) -> Bool {
        let folded = text.lowercased()
        return signs.contains { folded.contains($0) }
    }

    private static let patterns: [Pattern] = [
        Pattern(
            "-----BEGIN [A-Z ]*PRIVATE KEY-----[\\s\\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)"),
        Pattern("(?i)\\b(basic|bearer)\\s+[A-Za-z0-9+/=_.~-]{8,}", "$1 " + SecretRedaction.mark),
        Pattern("(?i)(x-auth-token|cookie)\\s*[:=]\\s*[^\\s,]+", "$1: " + SecretRedaction.mark),
        Pattern(
            "(?i)\\b(password|passwd|secret|token|community)(\\s*[=:]\\s*)[^\\s,&]+",
            "$1$2" + SecretRedaction.mark),
        // A JSON web token.
        Pattern("\\beyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{4,}(\\.[A-Za-z0-9_-]*)?"),
        // The user and password of a URL (RFC 3986, section 3.2.1).
        Pattern("://[^/\\s@:]+:[^/\\s@]+@", "://" + SecretRedaction.mark + "@"),
        // HPE's and others' license keys: five groups of five.
        Pattern("\\b[A-Z0-9]{5}(-[A-Z0-9]{5}){4}\\b"),
    ].compactMap { $0 }
}
