/// Takes the secrets out of what a BMC said, before it becomes part of a sentence of ours. Our own
/// words never go through it: a gap in one that everybody knows would give the secret away.
///
/// Where a secret could be guessed from its gap (it is short, or one word, or a number), the
/// whole of what the BMC said is left out.
public struct SecretMask: Sendable {
    /// What stands where a secret stood.
    public static let mark = "•••"
    /// What stands where a BMC's words were.
    public static let leftOut = "(the BMC's words are left out: they may hold a secret)"

    /// A longer text in a resource, in bytes, is left out: nobody shows it, and looking through it takes
    /// time that a hostile BMC should not have.
    static let longest = 16 << 10

    /// No secrets.
    public static let none = SecretMask([])

    private let telling: SecretSearch
    private let guessable: SecretSearch
    /// Words of the standard: in a resource they are nothing but that.
    private let ordinary: SecretSearch
    private let short: [String]

    /// - Parameter secrets: the password, tokens, whatever must not be shown; empty ones don't
    ///   count.
    public init(_ secrets: [Secret]) {
        let (ordinary, others) = (
            secrets.filter(Self.isCommonplace), secrets.filter { !Self.isCommonplace($0) }
        )
        self.ordinary = SecretSearch(ordinary)
        telling = SecretSearch(others.filter { !Self.isGuessable($0) })
        guessable = SecretSearch(others.filter(Self.isGuessable))
        short = secrets.filter { !$0.isEmpty && $0.revealBytes().count < SecretSearch.shortest }
            .map { $0.reveal() }
    }

    /// Whether it is a word of the standard, or part of one: whoever reads a BMC's resources reads it
    /// all the time, and can't tell that it is a secret.
    public static func isCommonplace(_ secret: Secret) -> Bool {
        RedfishWords.cover(secret.reveal())
    }

    /// Whether somebody who knows the words around it can tell what it is.
    private static func isGuessable(_ secret: Secret) -> Bool {
        let characters = Array(secret.reveal())
        let kinds = [
            characters.contains(where: \.isLetter), characters.contains(where: \.isNumber),
            characters.contains { !$0.isLetter && !$0.isNumber },
        ]
        return characters.count < 6 || kinds.count(where: { $0 }) < 2
    }

    /// Words of a BMC, such as the text of an error, without secrets.
    public func masked(_ text: String) -> String {
        if guessable.occurs(in: text) || ordinary.occurs(in: text)
            || short.contains(where: text.contains)
        {
            return Self.leftOut
        }
        return telling.replaced(in: text, with: Self.mark)
    }

    /// The body of an error, in which every string is words of the BMC.
    public func masked(words body: JSON) -> JSON {
        switch body {
        case .string(let text):
            .string(text.utf8.count > Self.longest ? Self.leftOut : masked(text))
        case .array(let elements): .array(elements.map(masked(words:)))
        case .object(let object):
            .object(JSONObject(object.map { ($0.key, masked(words: $0.value)) }))
        default: body
        }
    }

    /// A link of a BMC that is shown as part of a request. A word of the standard in it is no
    /// secret, whoever has it for a password.
    public func masked(link: String) -> String {
        guessable.occurs(in: link) ? Self.mark : telling.replaced(in: link, with: Self.mark)
    }

    /// A resource of a BMC whose texts will be shown, without secrets.
    ///
    /// Links stay as they are, for they are to be sent back: mask them where they are shown. So does a secret that is a word of the standard, such as `Enabled`, or has less than
    /// four characters: whoever reads it can't tell that it is one.
    public func masked(_ resource: JSON) -> JSON {
        guard !telling.isEmpty || !guessable.isEmpty, occurs(in: resource, under: "") else {
            return resource
        }
        return masked(resource, under: "")
    }

    /// What names a resource to the BMC (DSP0266, "Resource identifier property" and others).
    private static func isLink(_ key: String) -> Bool {
        ["Uri", "href", "target"].contains(key) || key.contains("@odata.")
    }

    /// What an inventory may name a system by.
    private static func isName(_ key: String) -> Bool { key == "Id" || key == "MemberId" }

    private func occurs(in value: JSON, under key: String) -> Bool {
        switch value {
        case .string(let text):
            text.utf8.count > Self.longest
                || !Self.isLink(key)
                    && (telling.occurs(in: text) || guessable.occurs(in: text) && !Self.isName(key))
        case .array(let elements): elements.contains { occurs(in: $0, under: key) }
        case .object(let object):
            object.contains { telling.occurs(in: $0.key) || occurs(in: $0.value, under: $0.key) }
        default: false
        }
    }

    private func masked(_ value: JSON, under key: String) -> JSON {
        switch value {
        case .string(let text):
            guard text.utf8.count <= Self.longest else { return .string(Self.mark) }
            if Self.isLink(key) { return value }
            if !Self.isName(key), guessable.occurs(in: text) { return .string(Self.mark) }
            return .string(telling.replaced(in: text, with: Self.mark))
        case .array(let elements):
            return .array(elements.map { masked($0, under: key) })
        case .object(let object):
            return .object(
                JSONObject(
                    object.map { member in
                        (
                            telling.replaced(in: member.key, with: Self.mark),
                            masked(member.value, under: member.key)
                        )
                    }))
        default: return value
        }
    }
}
