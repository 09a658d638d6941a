/// One HTTP/1.1 request.
///
/// Its description is the method and the URL: header values and bodies may hold tokens and
/// passwords, so they are never shown.
public struct HTTPRequest: Sendable {
    /// `GET`, `POST`, …
    public var method: String
    /// An `http` or `https` URL without a user or password.
    public var url: String
    public var headers: HTTPHeaders
    /// Nil sends no body; an empty array sends `Content-Length: 0`.
    public var body: [UInt8]?
    /// Sent with the first request (Basic scheme); nil sends none.
    public var basicCredentials: HTTPCredentials?
    /// How long name look-up, connection and TLS handshake may take together.
    public var connectTimeout: Duration
    /// How long the whole exchange may take, ``connectTimeout`` included.
    public var timeout: Duration
    /// How long the server may fall silent within its answer, from its first byte on; nil sets no
    /// limit of its own. Noticed up to a quarter of a second late.
    public var stallTimeout: Duration?
    /// Which certificates of an `https` server are accepted.
    public var trust: HTTPTrust
    /// Whether the request may go over a connection that has carried another, and be followed by
    /// another on its own.
    public var sharesConnection = true
    /// The socket to connect to instead of the URL's host and port.
    public var unixSocketPath: String?
    /// A longer body, once unpacked, fails the request with ``HTTPError/Kind/tooLarge``.
    public var maximumBodyBytes: Int
    /// Longer header lines, all together, fail the request with ``HTTPError/Kind/tooLarge``.
    public var maximumHeaderBytes: Int

    public init(
        method: String = "GET", url: String, headers: HTTPHeaders = [:], body: [UInt8]? = nil,
        basicCredentials: HTTPCredentials? = nil, connectTimeout: Duration = .seconds(5),
        timeout: Duration = .seconds(30), stallTimeout: Duration? = nil,
        trust: HTTPTrust = .system, unixSocketPath: String? = nil,
        maximumBodyBytes: Int = 8 << 20,
        maximumHeaderBytes: Int = 64 << 10
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.basicCredentials = basicCredentials
        self.connectTimeout = connectTimeout
        self.timeout = timeout
        self.stallTimeout = stallTimeout
        self.trust = trust
        self.unixSocketPath = unixSocketPath
        self.maximumBodyBytes = maximumBodyBytes
        self.maximumHeaderBytes = maximumHeaderBytes
    }
}

extension HTTPRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String {
        // A URL with a user is refused, and until then its password must not show.
        "\(method) \((origin ?? url).contains("@") ? "•••" : url)"
    }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["request": description]) }
}

extension HTTPRequest {
    /// Whether a lost request may be sent again without anybody noticing (RFC 9110, section 9.2.1).
    var isSafe: Bool { method == "GET" || method == "HEAD" }

    /// The URL's scheme, host and port, in lower case; nil if it is no URL that this client takes.
    var origin: String? {
        let lowered = url.lowercased()
        guard let scheme = ["http://", "https://"].first(where: lowered.hasPrefix) else {
            return nil
        }
        let authority = lowered.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
        return authority.isEmpty ? nil : scheme + authority
    }

    /// What keeps the request from being sent: text that would change the meaning of the message.
    var fault: String? {
        let token = { (text: String) in
            !text.isEmpty
                && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !Self.delimiters.contains($0) }
        }
        // RFC 9110, section 5.5: a line break or NUL in a value would end the field.
        let clean = { (text: String) in !text.utf8.contains { $0 == 0 || $0 == 10 || $0 == 13 } }
        guard token(method) else { return "the method is no token" }
        guard let origin else { return "the URL is neither http nor https" }
        guard !origin.contains("@") else { return "the URL holds a user or password" }
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            return "the URL holds characters that must be percent-encoded"
        }
        for field in headers.fields where !token(field.name) || !clean(field.value) {
            return "a header field is malformed"
        }
        if let credentials = basicCredentials {
            // RFC 7617, section 2: the first colon ends the user name.
            guard clean(credentials.user), clean(credentials.password),
                !credentials.user.contains(":")
            else { return "the user name or password holds a character that cannot be sent" }
        }
        return nil
    }

    private static let delimiters = Set(#""(),/:;<=>?@[\]{}"#.utf8)
}
