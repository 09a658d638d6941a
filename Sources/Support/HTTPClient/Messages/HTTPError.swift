/// Why a request brought no answer. Holds no header value, body or password.
public struct HTTPError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: String, Sendable, Hashable {
        /// No connection: refused, or the host is not reached.
        case connect
        /// A limit of time ran out.
        case timeout
        /// The TLS handshake failed.
        case tls
        /// The server's certificate is none that the request trusts.
        case untrusted
        /// The connection broke before the answer was complete.
        case reset
        /// The answer is longer than the request allows.
        case tooLarge
        /// The calling task was cancelled.
        case cancelled
        /// The client was shut down.
        case shutdown
        /// The answer is not HTTP/1.1.
        case malformed
        /// The request cannot be sent as it is: a bad URL, method or header.
        case invalidRequest
        /// This machine lacks something: memory, descriptors, threads, ports, a route at all, or
        /// an address for the name. It says nothing about the server.
        case resources
    }

    public let kind: Kind
    /// What happened, in libcurl's words where they serve.
    public let message: String
    /// Whether bytes of the request were written to the connection, so that the server may have
    /// acted on it.
    public let mayHaveBeenSent: Bool
    /// Whether the connection had carried another request before.
    public let wasReused: Bool
    /// The certificate that is not the pinned one.
    public let certificate: ServerCertificate?

    public init(
        _ kind: Kind, _ message: String, mayHaveBeenSent: Bool = false, wasReused: Bool = false,
        certificate: ServerCertificate? = nil
    ) {
        self.wasReused = wasReused
        self.kind = kind
        self.message = message
        self.mayHaveBeenSent = mayHaveBeenSent
        self.certificate = certificate
    }

    public var description: String { message }
}
