internal import Core
internal import Foundation

/// Finds in a text what identifies a machine by its form alone: addresses and UUIDs.
struct IdentityFinder: Sendable {
    typealias Found = (kind: IdentityKind, text: String)

    /// - Parameter isVersion: whether the text is a version, which may look like an IPv4 address.
    func identities(in text: String, isVersion: Bool = false) -> [Found] {
        var found: [Found] = []
        for (kind, expression) in Self.expressions {
            if kind == .ipv4, isVersion { continue }
            let range = NSRange(text.startIndex..., in: text)
            for match in expression.matches(in: text, range: range) {
                let last = match.range(at: match.numberOfRanges - 1)
                guard let place = Range(last, in: text) else { continue }
                let part = String(text[place])
                if Self.isIdentity(part, kind) { found.append((kind, part)) }
            }
        }
        return found
    }

    // The last group of each is the identity.
    private static let expressions: [(IdentityKind, NSRegularExpression)] = [
        (
            .uuid,
            "(?<![0-9A-Fa-f])([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})(?![0-9A-Fa-f])"
        ),
        (
            .worldWideName,
            "(?<![0-9A-Fa-f:])([0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){7})(?![0-9A-Fa-f:])"
        ),
        (.worldWideName, "\\b(?:naa|eui|iqn|nqn)\\.([0-9A-Za-z.:-]{8,})"),
        (
            .macAddress,
            "(?<![0-9A-Fa-f:-])([0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\\2){4}[0-9A-Fa-f]{2})(?![0-9A-Fa-f:-])"
        ),
        (.ipv4, "(?<![0-9.])((?:[0-9]{1,3}\\.){3}[0-9]{1,3})(?![0-9]|\\.[0-9])"),
        (.ipv6, "(?<![0-9A-Za-z:.])((?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4})(?![0-9A-Za-z:])"),
        (.email, "([A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)+)"),
        (.hostName, "://(?:[^/@\\s]*@)?([A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)*)"),
    ].compactMap { kind, pattern in
        (try? NSRegularExpression(pattern: pattern)).map { (kind, $0) }
    }

    private static func isIdentity(_ text: String, _ kind: IdentityKind) -> Bool {
        switch kind {
        case .ipv4: isHostAddress(text)
        case .ipv6: isHostAddress6(text)
        case .hostName: isPrivateHost(text)
        // All zeros or ones is no address but the lack of one.
        case .uuid, .macAddress, .worldWideName:
            Set(text.lowercased().filter(\.isHexDigit)).count > 1
                || !text.contains { "0fF".contains($0) }
        default: true
        }
    }

    private static func isHostAddress(_ text: String) -> Bool {
        var address = in_addr()
        // A group with a leading zero is a part of a version.
        let groups = text.split(separator: ".")
        guard !groups.contains(where: { $0.count > 1 && $0.first == "0" }),
            inet_pton(AF_INET, text, &address) == 1
        else { return false }
        let value = UInt32(bigEndian: address.s_addr)
        // A mask has its ones before its zeros; 0/8 and 127/8 name no machine.
        let isMask = value >= 0xFF00_0000 && (~value & (~value &+ 1)) == 0
        return !isMask && value >> 24 != 0 && value >> 24 != 127
    }

    private static func isHostAddress6(_ text: String) -> Bool {
        var address = in6_addr()
        guard inet_pton(AF_INET6, text, &address) == 1 else { return false }
        let bytes = withUnsafeBytes(of: &address) { Array($0) }
        // `::`, `::1` and multicast groups name no machine.
        return bytes.dropLast().contains { $0 != 0 } && bytes[0] != 0xFF
    }

    private static func isPrivateHost(_ text: String) -> Bool {
        let name = text.lowercased()
        let isPublic = ["dmtf.org", "snia.org", "odata.org", "oasis-open.org", "w3.org"].contains {
            name == $0 || name.hasSuffix("." + $0)
        }
        return !isPublic && name != "localhost" && name.contains { $0.isLetter }
    }
}
