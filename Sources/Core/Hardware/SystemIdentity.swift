/// By what a machine is known, as far as its BMC says: what identifies nothing is left out.
///
/// A vendor's placeholder ("To be filled by O.E.M.", zeros) stands on many machines, so it is
/// dropped where an identity is made.
public struct SystemIdentity: Sendable, Hashable {
    /// The system's UUID (SMBIOS type 1), lower case with hyphens.
    public var uuid: String?
    /// The system's serial number, without white space around it.
    public var serialNumber: String?
    /// Dell's service tag, which stays with a chassis when its board, and so the serial number, is
    /// replaced; nil for other vendors.
    public var serviceTag: String?

    /// What is not told, or a placeholder, becomes nil.
    public init(uuid: String? = nil, serialNumber: String? = nil, serviceTag: String? = nil) {
        self.uuid = uuid.flatMap(Self.meaningfulUUID)
        self.serialNumber = serialNumber.flatMap(Self.meaningfulText)
        self.serviceTag = serviceTag.flatMap(Self.meaningfulText)
    }

    /// Whether nothing is known.
    public var isEmpty: Bool { uuid == nil && serialNumber == nil && serviceTag == nil }

    /// As a person would say it: `serial ABC123`, else `UUID 4c4c…`; nil if nothing is known.
    public var displayed: String? {
        serviceTag.map { "service tag \($0)" } ?? serialNumber.map { "serial \($0)" }
            ?? uuid.map { "UUID \($0)" }
    }
}

extension SystemIdentity {
    /// One of the things that a machine is known by.
    public enum Identifier: String, Sendable, Hashable, CaseIterable {
        case uuid = "UUID"
        case serialNumber = "serial"
        case serviceTag = "service tag"
    }

    /// An identifier's value.
    public subscript(identifier: Identifier) -> String? {
        get {
            switch identifier {
            case .uuid: uuid
            case .serialNumber: serialNumber
            case .serviceTag: serviceTag
            }
        }
        set {
            switch identifier {
            case .uuid: uuid = newValue
            case .serialNumber: serialNumber = newValue
            case .serviceTag: serviceTag = newValue
            }
        }
    }

    /// What two identities have in common, and in what they differ. What only one of them has is in
    /// neither.
    public struct Comparison: Sendable, Hashable {
        public var agreeing: [Identifier] = []
        public var differing: [Identifier] = []

        /// Whether both are of one machine; nil if nothing can be compared. One identifier that
        /// agrees outweighs others that differ: a new board keeps the tag, or brings a new UUID.
        public var isSame: Bool? {
            agreeing.isEmpty && differing.isEmpty ? nil : !agreeing.isEmpty
        }
    }

    /// Compares with what another look said.
    public func comparison(with other: SystemIdentity) -> Comparison {
        var comparison = Comparison()
        for identifier in Identifier.allCases {
            guard let mine = self[identifier], let theirs = other[identifier] else { continue }
            let agrees =
                identifier == .uuid
                ? mine == theirs || mine == Self.swapped(theirs)
                : mine.lowercased() == theirs.lowercased()
            if agrees {
                comparison.agreeing.append(identifier)
            } else {
                comparison.differing.append(identifier)
            }
        }
        return comparison
    }

    /// A UUID with the bytes of its first three fields reversed: firmware disagrees on their order
    /// (SMBIOS 2.6, 7.2.1), and an update may change it.
    private static func swapped(_ uuid: String) -> String {
        let fields = uuid.split(separator: "-", omittingEmptySubsequences: false).map(Array.init)
        guard fields.map(\.count) == [8, 4, 4, 4, 12] else { return uuid }
        let reversed = fields[..<3].map { field in
            stride(from: field.count - 2, through: 0, by: -2).flatMap {
                [field[$0], field[$0 + 1]]
            }
        }
        return (reversed + fields[3...]).map { String($0) }.joined(separator: "-")
    }

    // MARK: Placeholders

    private static func meaningfulUUID(_ text: String) -> String? {
        let digits = text.lowercased().filter(\.isHexDigit)
        guard digits.count == 32 else { return nil }
        let pairs = Set(
            stride(from: 0, to: 32, by: 2).map { start in
                String(Array(digits)[start..<(start + 2)])
            })
        guard pairs.count > 1 else { return nil }
        var fields: [Substring] = []
        var rest = digits[...]
        for length in [8, 4, 4, 4, 12] {
            fields.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        let uuid = fields.joined(separator: "-")
        return placeholderUUIDs.contains(uuid) ? nil : uuid
    }

    /// UUIDs that firmware ships on every board.
    private static let placeholderUUIDs: Set = [
        "03000200-0400-0500-0006-000700080009", "00020003-0004-0005-0006-000700080009",
        "12345678-1234-5678-90ab-cddeefaabbcc", "78563412-3412-7856-90ab-cddeefaabbcc",
        "12345678-1234-1234-1234-123456789abc", "00000000-0000-0000-0000-000000000001",
    ]

    /// SMBIOS bounds no text, but a number that a person can compare is far shorter.
    private static let longestText = 200

    private static func meaningfulText(_ text: String) -> String? {
        let trimmed = text.drop { $0.isWhitespace || $0 == "\0" }
        let end = trimmed.lastIndex { !($0.isWhitespace || $0 == "\0") }
        guard let end else { return nil }
        let value = String(trimmed[...end])
        guard value.utf8.count <= longestText else { return nil }
        let letters = value.lowercased().filter { $0.isLetter || $0.isNumber }
        // `0x00000000` is no more than zeros.
        let digits = letters.hasPrefix("0x") ? letters.dropFirst(2) : letters[...]
        guard digits.count > 1, Set(digits).count > 1, !isMask(letters),
            !placeholders.contains(letters), !placeholderParts.contains(where: letters.contains)
        else { return nil }
        return value
    }

    /// Whether a text shows what is to be filled in: `CXXXXXXXXX`.
    private static func isMask(_ letters: String) -> Bool {
        let others = letters.filter { $0 != "x" }.count
        return letters.count - others >= 4 && others <= 2
    }

    /// What stands in place of a serial number, letters and digits alone.
    private static let placeholders: Set = [
        "na", "none", "null", "nil", "unknown", "empty", "default", "defaultstring", "invalid",
        "notspecified", "notavailable", "notapplicable", "notset", "noserial", "noasset",
        "noassettag", "unspecified", "undefined", "systemserialnumber", "serialnumber",
        "chassisserialnumber", "baseboardserialnumber", "boardserialnumber", "productserialnumber",
        "productserial", "systemserial", "systemproductname", "serial", "sn", "oem", "test", "tbd",
        "tba", "tbs", "todo", "blank", "notprovided", "notpresent", "notprogrammed",
        "0123456789", "123456789", "1234567890", "12345678", "1234567", "123456", "12345",
        "01234567", "012345678", "0123456789abcdef", "0123456789ab", "abcdefgh",
    ]

    private static let placeholderParts = [
        "filledbyoem", "befilled", "bysystemmanufacturer", "tobedetermined", "tobedefined",
        "tobeassigned",
    ]
}
