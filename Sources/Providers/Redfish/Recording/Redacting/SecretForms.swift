internal import Foundation

/// Takes out what looks like a secret, in whatever text: keys, hashes of passwords, tokens, the user
/// and password of a URL, what follows `password=`.
enum SecretForms {
    /// One look that secrets have. Nearly all texts have no sign of any, and patterns take their
    /// time, so that each is tried only where one of its signs is.
    private struct Form: Sendable {
        let signs: [String]
        let expression: NSRegularExpression
        let replacement: String

        /// - Parameter signs: in lower case.
        init?(_ signs: [String], _ text: String, _ replacement: String = mark) {
            guard let expression = try? NSRegularExpression(pattern: text) else { return nil }
            self.signs = signs
            self.expression = expression
            self.replacement = replacement
        }

        func replaced(in text: String, _ folded: String) -> String {
            guard signs.contains(where: folded.contains) else { return text }
            return expression.stringByReplacingMatches(
                in: text, range: NSRange(text.startIndex..., in: text), withTemplate: replacement)
        }
    }

    /// - Parameter inLink: whether the text is a link: of that, only what a URL can hold goes.
    static func redacted(_ text: String, inLink: Bool) -> String {
        guard text.utf8.count > 3 else { return text }
        let folded = text.lowercased()
        return (inLink ? links : links + others).reduce(text) { $1.replaced(in: $0, folded) }
    }

    private static let mark = SecretRedaction.mark
    private static let names = [
        "pass", "pwd", "secret", "token", "communit", "key", "psk", "credential", "pin", "otp",
    ]
    private static let stems =
        "pass(?:word|wd|phrase|code)|pwd|secret|token|communit(?:y|ies)|api[-_]?key|psk"
        + "|credentials?|pin|otp"
    private static let quoted = "(?:\"[^\"]*\"|'[^']*')"

    private static let links: [Form] = [
        // The user and password of a URL (RFC 3986, section 3.2.1), at signs within them too.
        Form(["://"], "://[^\\s\"'<>/:@]*:[^\\s\"'<>]*@", "://" + mark + "@"),
        // What a query says: also signed links of S3 and Azure.
        Form(
            ["="],
            "(?i)([?&;](?:[a-z0-9._-]*(?:" + stems
                + "|pass)|auth|authorization|sig|signature|session|sid|x-amz-[a-z-]+)=)"
                + "[^&;\\s\"'<>#]+", "$1" + mark),
    ].compactMap { $0 }

    private static let others: [Form] =
        [
            // `password = "a b"`, `admin_password: x`, `--token x`.
            Form(
                names,
                "(?i)((?:\\b|_)[a-z0-9_.-]*(?:" + stems + ")\"?\\s*[=:]\\s*)(?:" + quoted
                    + "|[^\\s,&;<>]+)", "$1" + mark),
            Form(
                names,
                "(?i)(--?(?:" + stems + ")\\s+)(?:" + quoted + "|[^\\s,&;<>-][^\\s]*)", "$1" + mark),
            Form(
                ["basic", "bearer", "digest"],
                "(?i)\\b(basic|bearer|digest)\\s+[A-Za-z0-9+/=_.~-]{8,}", "$1 " + mark),
            Form(
                ["x-auth", "x-api", "cookie", "authorization"],
                "(?i)(x-auth-token|x-api-key|cookie|authorization)(\"?\\s*[:=]\\s*)[^\\r\\n,]+",
                "$1$2" + mark),
            // `user:password@host` without a scheme.
            Form(
                ["@"], "(^|[\\s\"'=(,;])[^\\s\"'<>/:@]+:[^\\s\"'<>]+@(?=[A-Za-z0-9\\[])",
                "$1" + mark + "@"),
        ].compactMap { $0 } + keys + hashes + markup

    private static let keys: [Form] = [
        // RFC 7468; the end may be cut off.
        Form(
            ["-----begin"],
            "-----BEGIN [A-Z0-9 ]*(?:PRIVATE KEY|PKCS12)[A-Z0-9 ]*-----[\\s\\S]*?"
                + "(?:-----END [A-Z0-9 ]*-----|$)"),
        // The DER of PKCS #12, PKCS #8, PKCS #1 and SEC 1 keys, and OpenSSH's, in base64.
        Form(
            ["ibazc", "ibada", "ibaakc", "ageam", "caqee"],
            "MI[IGH][A-Za-z0-9+/]{1,4}(?:IBAzC|IBADA|IBAAKC|AgEAM|CAQEE)[A-Za-z0-9+/=\\s]*"),
        Form(
            ["mc4c", "mhcc", "b3blbn"],
            "(?:MC4CAQAwBQ|MHcCAQEE|b3BlbnNzaC1rZXkt)[A-Za-z0-9+/=\\s]+"),
        // A JSON web token (RFC 7519).
        Form(["eyj"], "\\beyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{4,}(?:\\.[A-Za-z0-9_-]*)*"),
        Form(["otpauth"], "(?i)otpauth://[^\\s\"'<>]+"),
        Form(
            ["gh", "akia", "xox"],
            "\\bgh[pousr]_[A-Za-z0-9]{20,}|\\bAKIA[0-9A-Z]{16}\\b|\\bxox[abprs]-[A-Za-z0-9-]{10,}"),
        // HPE's and others' license keys: five groups of five.
        Form(["-"], "\\b[A-Z0-9]{5}(?:-[A-Z0-9]{5}){4}\\b"),
    ].compactMap { $0 }

    private static let hashes: [Form] = [
        // crypt(5), and LDAP's (RFC 2307).
        Form(
            ["$"],
            "\\$(?:[0-9][a-z]?|y|gy|P|H|S|md5|sha1|apr1|scrypt|argon2[a-z]*|pbkdf2[-a-z0-9]*)"
                + "\\$[^\\s\"'<>,;]+"),
        Form(
            ["{"],
            "(?i)\\{(?:S?SHA[0-9]*|S?MD5|CRYPT|PBKDF2[-A-Z0-9]*|ARGON2)\\}[^\\s\"'<>,;]+"),
        // `Administrator:500:LM:NT:::` of a Windows dump.
        Form([":"], "\\b[0-9a-fA-F]{32}:[0-9a-fA-F]{32}\\b"),
    ].compactMap { $0 }

    // XML: an element, an attribute's value beside its name, and an element's beside its name.
    private static let markup: [Form] = [
        Form(
            ["<"],
            "(?i)(<(?:[a-z0-9_.]+:)?[a-z0-9_.-]*(?:" + stems
                + "|key)[a-z0-9_.-]*(?:\\s[^<>]*)?>)(?!\\s*<)[^<]+", "$1" + mark),
        Form(
            ["<"],
            "(?i)(\\b(?:name|key|id)\\s*=\\s*[\"'][^\"']*(?:" + stems
                + "|key)[\"'][^<>]*\\bvalue\\s*=\\s*)" + quoted, "$1\"" + mark + "\""),
        Form(
            ["<"],
            "(?i)(<[^<>]*\\bname\\s*=\\s*[\"'][^\"']*(?:" + stems
                + ")[\"'][^<>]*>)(?!\\s*<)[^<]+", "$1" + mark),
    ].compactMap { $0 }
}
