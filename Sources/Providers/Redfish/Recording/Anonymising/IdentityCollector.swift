internal import Core

/// Finds what is to be replaced.
struct IdentityCollector {
    private let finder = IdentityFinder()
    private var seen: Set<String> = []

    static func isMachine(_ json: JSON) -> Bool {
        let type = json["@odata.type"]?.string ?? ""
        return type.hasPrefix("#ComputerSystem.") || type.hasPrefix("#Chassis.")
    }

    /// Notes the values of properties whose name tells what they are.
    mutating func collectNamed(_ json: JSON, into standIns: inout StandIns) {
        let isMachine = Self.isMachine(json)
        Self.walk(json) { key, text, isNaming in
            let kind = IdentityKind(property: key, isMachine: isMachine) ?? (isNaming ? .name : nil)
            guard let kind, text.contains(where: { !$0.isWhitespace }),
                text != SecretRedaction.mark
            else { return }
            let digits = text.filter(\.isHexDigit)
            if kind == .macAddress, digits.count != 12 || Set(digits).count == 1 { return }
            // A host's name is often its address, and an identifier often a UUID.
            let shaped = finder.identities(in: text).first { $0.text == text }
            standIns.add(text, shaped?.kind ?? kind)
            if shaped != nil { standIns.add(text, kind) }
        }
    }

    /// Notes what looks like an address or a UUID, in whatever text.
    mutating func collectShaped(_ json: JSON, into standIns: inout StandIns) {
        Self.walk(json) { key, text, _ in
            // It names schemas, not hosts.
            if key == "@odata.type" || key == "@odata.context" { return }
            collect(text, isVersion: Self.isVersion(key), into: &standIns)
        }
    }

    mutating func collect(
        _ text: String, isVersion: Bool = false, into standIns: inout StandIns
    ) {
        guard text.utf8.count >= TextReplacer.shortest,
            text.contains(where: { ".:-@".contains($0) }),
            isVersion || seen.insert(text).inserted
        else { return }
        for (kind, found) in finder.identities(in: text, isVersion: isVersion) {
            standIns.add(found, kind)
        }
    }

    /// Words that mean something else than a name somewhere: properties' names, makes and models.
    static func addVocabulary(of json: JSON, to words: inout Set<String>) {
        let makes: Set = ["manufacturer", "model", "product", "productname", "roleid", "vendor"]
        walk(json) { key, text, _ in
            if key.isEmpty || makes.contains(key.lowercased()) { words.insert(text.lowercased()) }
        }
    }

    /// A certificate names its owner within its encoded part.
    static func withoutCertificates(_ text: String) -> String {
        guard text.contains("-----BEGIN") else { return text }
        return text.replacing(
            #/-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(-----END [A-Z0-9 ]+-----|$)/#,
            with: SecretRedaction.mark)
    }

    private static func isVersion(_ key: String) -> Bool {
        let name = key.lowercased()
        return name.contains("version") || name.contains("revision") || name.contains("firmware")
    }

    private static func walk(
        _ value: JSON, under key: String = "", isNaming: Bool = false,
        _ visit: (String, String, Bool) -> Void
    ) {
        switch value {
        case .string(let text): visit(key, text, isNaming)
        case .integer(let number): visit(key, String(number), isNaming)
        case .array(let elements):
            for element in elements { walk(element, under: key, isNaming: isNaming, visit) }
        case .object(let object):
            for (key, value) in object {
                visit("", key, false)
                let isNaming = isNaming || IdentityKind.namingObjects.contains(key.lowercased())
                walk(value, under: key, isNaming: isNaming, visit)
            }
        default: break
        }
    }
}
