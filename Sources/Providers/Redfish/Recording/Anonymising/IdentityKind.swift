internal import Core
internal import Foundation

/// What a value tells of a machine or its owner, and how its stand-in looks.
enum IdentityKind: Hashable, Sendable, CaseIterable {
    case serialNumber
    case uuid
    case macAddress
    case ipv4
    case ipv6
    case worldWideName
    case hostName
    case domain
    case assetTag
    case userName
    case email
    /// Of a person, an organisation, a place.
    case name

    /// The kind that a property's name tells; nil if it tells none.
    ///
    /// - Parameter isMachine: whether the resource is a system or a chassis, whose SKU is Dell's
    ///   service tag.
    init?(property: String, isMachine: Bool) {
        let name = property.lowercased()
        guard !name.contains("@"), !name.hasPrefix("#") else { return nil }
        if isMachine, name == "sku" {
            self = .serialNumber
        } else if let kind = Self.exact[name] {
            self = kind
        } else if let kind = Self.endings.first(where: { name.hasSuffix($0.0) })?.1 {
            self = kind
        } else {
            return nil
        }
    }

    private static let exact: [String: IdentityKind] = [
        "accountname": .userName, "assettag": .assetTag, "chassisassettag": .assetTag,
        "commonname": .hostName, "durablename": .worldWideName, "email": .email,
        "expressservicecode": .serialNumber,
        "fqdn": .hostName, "guid": .uuid, "loginname": .userName, "rackname": .name,
        "user": .userName, "wwid": .worldWideName, "wwn": .worldWideName,
        "wwnn": .worldWideName, "wwpn": .worldWideName,
    ]

    private static let endings: [(String, IdentityKind)] = [
        ("serialnumber", .serialNumber), ("servicetag", .serialNumber), ("serialno", .serialNumber),
        ("fingerprint", .serialNumber), ("assettag", .assetTag), ("hostname", .hostName),
        ("dnsname", .hostName), ("dnsracname", .hostName), ("domainname", .domain),
        ("username", .userName), ("emailaddress", .email), ("worldwidename", .worldWideName),
        ("iqn", .worldWideName), ("macaddress", .macAddress),
    ]

    /// Objects of which every string is a name of somebody or of a place: `Location` and
    /// certificates (DSP2046 `Resource.Location`, `Certificate.Identifier`).
    static let namingObjects: Set = ["postaladdress", "contacts", "subject", "issuer", "placement"]

    /// The stand-in number `number`, from 1, in the form of `original`.
    func standIn(_ number: Int, for original: String) -> String {
        switch self {
        case .serialNumber: Self.padded("SN", number, to: original.count)
        case .uuid: Self.uuid(number, isUpperCase: original.contains { $0.isUppercase })
        case .macAddress: Self.mac(number, like: original)
        case .ipv4: Self.ipv4(number)
        case .ipv6: "2001:db8::" + String(number, radix: 16)
        case .worldWideName: Self.worldWideName(number, like: original)
        case .hostName: original.contains(".") ? "host-\(number).example.com" : "host-\(number)"
        case .domain: "domain-\(number).example"
        case .assetTag: "asset-\(number)"
        case .userName: "user-\(number)"
        case .email: "person-\(number)@example.com"
        case .name: "name-\(number)"
        }
    }

    private static func padded(_ prefix: String, _ number: Int, to width: Int) -> String {
        let digits = String(number)
        let zeros = max(0, min(width, 64) - prefix.count - digits.count)
        return prefix + String(repeating: "0", count: zeros) + digits
    }

    // Version 4, variant 1 (RFC 9562, section 5.4).
    private static func uuid(_ number: Int, isUpperCase: Bool) -> String {
        let last = String(format: "%012x", number)
        let uuid = "a0000000-0000-4000-8000-" + last
        return isUpperCase ? uuid.uppercased() : uuid
    }

    // Locally administered (IEEE 802, the second bit of the first byte).
    private static func mac(_ number: Int, like original: String) -> String {
        let bytes = [0x02, 0, 0, number >> 16, number >> 8, number].map { $0 & 0xFF }
        let separator = original.first { !$0.isHexDigit }.map(String.init) ?? ""
        let isUpperCase = original.contains { $0.isUppercase }
        return bytes.map { String(format: isUpperCase ? "%02X" : "%02x", $0) }
            .joined(separator: separator)
    }

    // RFC 5737's three ranges; what does not fit into them lies in RFC 2544's.
    private static func ipv4(_ number: Int) -> String {
        let ranges = ["192.0.2.", "198.51.100.", "203.0.113."]
        let (range, last) = ((number - 1) / 254, (number - 1) % 254 + 1)
        if range < ranges.count { return ranges[range] + String(last) }
        return "198.\(18 + range / 256 % 2).\(range % 256).\(last)"
    }

    // The first digit 3 is a locally assigned name (T11 FC-FS, NAA).
    private static func worldWideName(_ number: Int, like original: String) -> String {
        let digits = original.filter(\.isHexDigit).count
        guard digits >= 8, original.allSatisfy({ $0.isHexDigit || ":.-".contains($0) }) else {
            return padded("wwn-", number, to: min(original.count, 24))
        }
        let hex = String(number, radix: 16)
        var rest = ("3" + String(repeating: "0", count: max(0, digits - 1 - hex.count)) + hex)[...]
        return String(original.map { $0.isHexDigit ? rest.popFirst() ?? "0" : $0 })
    }
}
