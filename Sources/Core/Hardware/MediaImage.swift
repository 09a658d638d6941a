/// An image that a BMC presents to its device as a medium in a drive.
///
/// Made only from a URL without user name and password: what is kept in the state and shown by a
/// describe must hold no secret. A query may hold a token all the same, so texts for people show
/// ``displayed`` and are passed through ``scrubbing(_:)``.
public struct MediaImage: Sendable, Hashable {
    /// Where the BMC fetches the image.
    public let url: String
    public let type: MediaType
    /// How the BMC is to fetch the image, if the spec says so; else the URL's scheme tells.
    public let statedProtocol: TransferProtocol?
    public let isWriteProtected: Bool

    /// The URL without its query.
    public let displayed: String
    /// The host, with its port, in lower case.
    public let host: String
    /// The path, as written.
    public let path: String
    /// The query, without its question mark; nil if there is none.
    public let query: String?

    /// How the BMC is to fetch the image.
    public let transferProtocol: TransferProtocol

    /// - Parameters:
    ///   - url: an absolute URL.
    ///   - type: the kind of medium; nil has the file's name tell.
    ///   - statedProtocol: must be that of the URL's scheme.
    /// - Throws: ``Problem``, none of which repeats a secret.
    public init(
        url: String, type: MediaType? = nil, statedProtocol: TransferProtocol? = nil,
        isWriteProtected: Bool = true
    ) throws(Problem) {
        let parts = try Self.split(url)
        let transfer = parts.transfer
        if let statedProtocol, statedProtocol != transfer {
            throw .otherProtocol(statedProtocol, scheme: parts.scheme)
        }
        self.url = url
        self.type = type ?? MediaType(fileName: parts.path)
        self.statedProtocol = statedProtocol
        self.isWriteProtected = isWriteProtected
        transferProtocol = transfer
        host = parts.host
        path = parts.path
        query = parts.query
        displayed = "\(parts.scheme)://\(parts.host)\(parts.path)"
    }

    /// The file's name: the last part of the path.
    public var fileName: String { path.split(separator: "/").last.map(String.init) ?? "" }

    /// A text without the URL's query, should a BMC have repeated it, whole or cut short.
    public func scrubbing(_ text: String) -> String {
        guard let query, !query.isEmpty else { return text }
        var scrubbed = text
        // A shorter rest than this gives nothing away, and would match by chance.
        var part = query[...]
        while part.count >= min(6, query.count) {
            let pieces = scrubbed.split(separator: part, omittingEmptySubsequences: false)
            if pieces.count > 1 { scrubbed = pieces.joined(separator: "•••") }
            part = part.dropLast()
        }
        return scrubbed
    }
}

extension MediaImage {
    /// Why a text is no URL of an image.
    public enum Problem: Error, Hashable, Sendable, CustomStringConvertible {
        case noURL
        case secret
        case unknownScheme(String)
        case noHost
        case noFile
        case otherProtocol(TransferProtocol, scheme: String)

        public var description: String {
            switch self {
            case .noURL: "is no URL such as https://192.0.2.1/boot.iso"
            case .secret:
                "has a user name or password in it, which would be kept in the state file and shown"
                    + " by a describe: serve the image to the BMCs without"
            case .unknownScheme(let scheme):
                "has the scheme \(scheme): no BMC fetches from there; give one of "
                    + TransferProtocol.schemes.joined(separator: ", ")
            case .noHost: "names no host"
            case .noFile: "names no file"
            case .otherProtocol(let stated, let scheme):
                "is \(stated.rawValue), but Image begins with \(scheme)://"
            }
        }
    }

    private struct Parts {
        let scheme: String
        let transfer: TransferProtocol
        let host: String
        let path: String
        let query: String?
    }

    // RFC 3986, section 3. Written by hand, for Foundation's parser takes what BMCs don't.
    private static func split(_ url: String) throws(Problem) -> Parts {
        let isPlain = url.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F }
        guard isPlain, let colon = url.firstRange(of: "://") else { throw .noURL }
        let scheme = url[..<colon.lowerBound].lowercased()
        guard scheme.first?.isLetter == true,
            scheme.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) })
        else { throw .noURL }
        guard let transfer = TransferProtocol(scheme: scheme) else {
            throw .unknownScheme(scheme)
        }
        let rest = url[colon.upperBound...].prefix { $0 != "#" }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        if authority.contains("@") { throw .secret }
        if authority.isEmpty || authority.hasPrefix(":") { throw .noHost }
        let path = rest[authority.endIndex...].prefix { $0 != "?" }
        guard let last = path.last, last != "/" else { throw .noFile }
        let query = rest[path.endIndex...].dropFirst()
        return Parts(
            scheme: scheme, transfer: transfer, host: authority.lowercased(), path: String(path),
            query: query.isEmpty ? nil : String(query))
    }
}

/// The kind of a virtual medium, named as in Redfish (`VirtualMedia` schema, `MediaTypes`).
public enum MediaType: String, Sendable, Hashable, CaseIterable {
    /// A DVD is one, too.
    case cd = "CD"
    case usbStick = "USBStick"
    case floppy = "Floppy"

    /// What a file is most likely meant to be: `.img` and `.raw` are images of disks, all else is
    /// taken for a CD.
    init(fileName: String) {
        let name = fileName.lowercased()
        self = name.hasSuffix(".img") || name.hasSuffix(".raw") ? .usbStick : .cd
    }

    /// The boot source that such a medium is.
    public var bootTarget: BootTarget {
        switch self {
        case .cd: .cd
        case .usbStick: .usb
        case .floppy: .floppy
        }
    }
}

/// How a BMC fetches an image, named as in Redfish (`VirtualMedia` schema,
/// `TransferProtocolType`).
public enum TransferProtocol: String, Sendable, Hashable, CaseIterable {
    case http = "HTTP"
    case https = "HTTPS"
    case nfs = "NFS"
    case cifs = "CIFS"

    static let schemes = ["http", "https", "nfs", "cifs", "smb"]

    init?(scheme: String) {
        switch scheme {
        case "http": self = .http
        case "https": self = .https
        case "nfs": self = .nfs
        case "cifs", "smb": self = .cifs
        default: return nil
        }
    }
}
