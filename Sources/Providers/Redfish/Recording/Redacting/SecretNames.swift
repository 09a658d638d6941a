/// Which properties hold secrets, by their names. A new one is a stem in a table.
enum SecretNames {
    /// Parts of a name, in lower case and without what parts its words.
    private static let stems = [
        "password", "passwd", "passphrase", "passcode", "pwd", "secret", "token", "communit",
        "privatekey", "preshared", "psk", "cookie", "authorization", "credential", "pkcs12", "pfx",
        "licensestring", "licencestring", "licensecode", "licencecode", "activationcode",
        "entitlementid", "totp", "hotp", "otpseed", "otpsecret", "otpauth", "recoverycode",
        "backupcode", "keystore", "keytab", "bearer", "apikey", "accesskey",
        "challengeresponse",
    ]
    /// Ends of a name: `EncryptionKey`, `SSHKeys`, `UserPin`, but not `KeyType`.
    private static let ends = [
        "key", "keys", "pin", "pins", "otp", "seed", "seeds", "salt", "hash",
    ]
    // Keys of messages and the like, keys that a person presses, and what says what a thing is.
    private static let harmless: Set = [
        "messagekey", "registrykey", "hotkey", "sortkey", "keyboardkey", "bootpin", "slotpin",
    ]
    /// Words of a name whose number is a rule for secrets.
    private static let rules: Set = [
        "min", "minimum", "max", "maximum", "length", "count", "size", "age", "expiration",
        "expires", "expiry", "timeout", "days", "seconds", "minutes", "hours", "interval",
        "attempts", "threshold", "limit", "lifetime", "bits", "version", "index", "slot", "port",
        "priority", "delay",
    ]
    private static let values = ["value", "values", "content", "data", "string", "text"]
    /// What stands below these is secret, whatever its name: headers that are sent with events.
    private static let subtrees: Set = ["httpheaders", "cookies"]
    /// These lead somewhere or say what a thing is.
    private static let structural: Set = ["href", "target", "uri", "id", "memberid", "name"]

    /// Whether the strings of a property are secrets.
    static func tell(_ name: String) -> Bool {
        // `Password@Redfish.AllowableValues` and the like say what is allowed, not what is.
        if name.contains("@") || name.hasPrefix("#") { return false }
        let folded = fold(name)
        if subtrees.contains(folded) { return true }
        if harmless.contains(folded) { return false }
        if stems.contains(where: folded.contains) { return true }
        // `UserPin2`.
        let end = folded.lastIndex { !$0.isNumber }
        let bare = end.map { folded[...$0] } ?? folded[...]
        return ends.contains(where: bare.hasSuffix)
    }

    /// Whether a number of such a property is a rule for secrets, and none itself:
    /// `MinPasswordLength`.
    static func isRule(_ name: String) -> Bool {
        words(of: name).contains(where: rules.contains)
    }

    /// `MinPasswordLength` is `min`, `password` and `length`; `AccountPIN` is `account` and `pin`.
    private static func words(of name: String) -> [String] {
        var words = [""]
        var previous: Character?
        for character in name {
            let isLetter = character.isLetter
            if !isLetter || character.isUppercase && previous?.isLowercase == true {
                words.append("")
            }
            if isLetter { words[words.count - 1].append(character.lowercased()) }
            previous = character
        }
        return words
    }

    /// What a value is called beside a name: `{"Name": "AdminPassword", "Value": "x"}`.
    static func isValue(_ name: String) -> Bool {
        let folded = fold(name)
        return values.contains { folded.hasSuffix($0) }
    }

    /// Whether a property leads somewhere or says what a thing is, also below a secret.
    static func isStructural(_ name: String) -> Bool {
        name.hasPrefix("@odata.") || name.hasSuffix("@odata.nextLink")
            || name.hasSuffix("@odata.count") || structural.contains(name.lowercased())
    }

    private static func fold(_ name: String) -> String {
        name.lowercased().filter { $0.isLetter || $0.isNumber }
    }
}
