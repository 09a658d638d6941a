internal import Core

/// Takes out of an answer what nobody may learn from a recording: the secrets that the recording was
/// made with, in whatever encoding; what properties with certain names hold; and what looks like a
/// secret wherever it stands.
struct SecretRedaction: Sendable {
    /// What stands where a secret stood.
    static let mark = "REDACTED"

    /// What the recording itself was made with.
    private let own: SecretSearch
    private let ownTexts: Set<String>

    // JSON within a string within JSON …: deeper than this nobody looks.
    private static let deepest = 8

    /// - Parameter own: the password that the service is read with, and tokens. One that is a word
    ///   of the standard, or has fewer than four characters, is found by its property's name alone:
    ///   it stands everywhere.
    init(own: [Secret] = []) {
        let telling = own.filter { !SecretMask.isCommonplace($0) }
        self.own = SecretSearch(telling)
        ownTexts = Set(telling.map { $0.reveal() })
    }

    /// A resource without secrets.
    func redacted(_ json: JSON) -> JSON {
        redacted(json, under: "", isSecret: false, depth: 0)
    }

    /// A text without secrets, be it JSON or XML itself.
    func redacted(_ text: String) -> String { redacted(text, depth: 0) }

    /// A path, which links to a resource: only the secrets of the recording itself are taken out, and
    /// what it says of a user, for it is the resource's name.
    func redacted(path: String) -> String {
        SecretForms.redacted(own.replaced(in: path, with: Self.mark), inLink: true)
    }

    /// The resource without what it was recorded with, everywhere in it.
    func redacted(_ resource: RecordedResource) -> RecordedResource {
        var copy = resource
        copy.path = redacted(path: resource.path)
        copy.headers = resource.headers.mapValues { redacted($0) }
        copy.problem = resource.problem.map { redacted($0) }
        switch resource.content {
        case .json(let json): copy.content = .json(redacted(json))
        case .text(let bytes):
            copy.content = .text(Array(redacted(String(decoding: bytes, as: UTF8.self)).utf8))
        case .nothing: break
        }
        return copy
    }

    private func redacted(_ text: String, depth: Int) -> String {
        if depth < Self.deepest, let inner = Self.json(in: text) {
            let clean = redacted(inner, under: "", isSecret: false, depth: depth + 1)
            // What had nothing to hide keeps its spelling.
            let told = clean == inner ? text : clean.description
            return own.replaced(in: told, with: Self.mark)
        }
        return SecretForms.redacted(own.replaced(in: text, with: Self.mark), inLink: false)
    }

    private static func json(in text: String) -> JSON? {
        let start = text.utf8.first { $0 > 0x20 }
        guard start == UInt8(ascii: "{") || start == UInt8(ascii: "["),
            let json = try? JSON(lenient: Array(text.utf8)), json.object != nil || json.array != nil
        else { return nil }
        return json
    }

    private func redacted(
        _ value: JSON, under key: String, isSecret: Bool, depth: Int
    ) -> JSON {
        switch value {
        case .string(let text):
            if SecretNames.isStructural(key), text.hasPrefix("/") || key.hasPrefix("@") {
                return .string(redacted(path: text))
            }
            if isSecret, !SecretNames.isStructural(key) {
                return text.isEmpty ? value : .string(Self.mark)
            }
            return .string(redacted(text, depth: depth))
        case .integer(let number):
            return isNumberSecret(String(number), key, isSecret) ? .string(Self.mark) : value
        case .real(let number):
            return isNumberSecret("\(number)", key, isSecret) ? .string(Self.mark) : value
        case .array(let elements):
            return .array(
                elements.map { redacted($0, under: key, isSecret: isSecret, depth: depth) })
        case .object(let object):
            return .object(redacted(object, isSecret: isSecret, depth: depth))
        case .null, .bool:
            return value
        }
    }

    private func isNumberSecret(_ text: String, _ key: String, _ isSecret: Bool) -> Bool {
        if ownTexts.contains(text) { return true }
        return isSecret && !SecretNames.isRule(key)
    }

    private func redacted(_ object: JSONObject, isSecret: Bool, depth: Int) -> JSONObject {
        let namesSecret = Self.namesSecret(object)
        var result = JSONObject()
        for (key, value) in object {
            let isSecret =
                isSecret || SecretNames.tell(key) || namesSecret && SecretNames.isValue(key)
            // Two keys that were told apart by a secret stay two.
            let name = redacted(key, depth: Self.deepest)
            var unique = name
            var number = 2
            while result[unique] != nil {
                unique = "\(name)~\(number)"
                number += 1
            }
            result[unique] = redacted(value, under: key, isSecret: isSecret, depth: depth)
        }
        return result
    }

    /// `{"Name": "AdminPassword", "Value": …}`: what stands beside a secret's name.
    private static func namesSecret(_ object: JSONObject) -> Bool {
        ["Name", "AttributeName", "Key", "Id", "HeaderName", "Property", "Type", "CertificateType"]
            .contains { key in
                object[key]?.string.map { SecretNames.tell($0) } ?? false
            }
    }
}
