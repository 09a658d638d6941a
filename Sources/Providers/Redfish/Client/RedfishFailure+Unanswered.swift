internal import Core
internal import HTTPClient

extension RedfishFailure {
    /// A request that brought no answer. Of a certificate that is not accepted it finds out which
    /// it is, by a second handshake over which nothing is sent.
    /// - Parameter title: the request for a person: `GET /redfish/v1/`.
    init(
        unanswered request: HTTPRequest, _ title: String, _ error: HTTPError, _ http: HTTPClient,
        mayHaveActed: Bool
    ) async {
        var text = "\(title): \(error.message)"
        var kind = Self.kind(of: error)
        switch error.kind {
        case .untrusted: text += await Self.advice(on: error, request, http)
        case .tls: text += Self.advice(onHandshake: error.message)
        case .malformed, .reset:
            if await Self.speaksTLS(request, error, http) {
                kind = .untrusted
                text += "; the BMC speaks TLS at this port: write https:// in the inventory"
            }
        default: break
        }
        self.init(
            kind, text.readable(without: [], limit: 600),
            mayHaveActed: mayHaveActed && error.mayHaveBeenSent)
    }

    private static func kind(of error: HTTPError) -> ProviderError.Kind {
        switch error.kind {
        case .resources: .shortage
        case .connect, .timeout, .reset, .cancelled, .shutdown: .unreachable
        case .tls, .untrusted: .untrusted
        case .tooLarge, .malformed: .malformed
        case .invalidRequest: .refused
        }
    }

    /// What to do about a handshake that fails, in OpenSSL's words.
    private static func advice(onHandshake text: String) -> String {
        let text = text.lowercased()
        let has = { (words: [String]) in words.contains(where: text.contains) }
        if has(["wrong version number", "http request", "packet length too long"]) {
            return "; there is no TLS at this port: write http:// in the inventory if the BMC has"
                + " none, else look for its port"
        }
        if has(["protocol version", "unsupported protocol"]) {
            return "; the BMC speaks TLS 1.0 or 1.1 alone, which is no longer safe: update its"
                + " firmware or switch TLS 1.2 on there; http:// is the other way, in a network"
                + " that is closed"
        }
        return "; the BMC and Rackpool have no cipher or key in common that is held to be safe:"
            + " update its firmware, or give it a new key of 2048 bits"
    }

    /// Whether a server that was spoken to without TLS, and made nothing of it, has TLS.
    private static func speaksTLS(
        _ request: HTTPRequest, _ error: HTTPError, _ http: HTTPClient
    ) async -> Bool {
        guard request.url.lowercased().hasPrefix("http://"), !error.wasReused,
            !Task.isCancelled, request.unixSocketPath == nil
        else { return false }
        var secure = request
        secure.url = "https" + request.url.dropFirst("http".count)
        secure.connectTimeout = min(secure.connectTimeout, .seconds(2))
        return (try? await http.certificate(ofServerFor: secure)) != nil
    }

    private static func advice(
        on error: HTTPError, _ request: HTTPRequest, _ http: HTTPClient
    ) async -> String {
        if case .certificate(let pinned) = request.trust, let found = error.certificate {
            return ": expected \(text(of: pinned)), found \(text(of: found.sha256)); if the BMC "
                + "got a new certificate, put it into the inventory: \(line(for: found))"
        }
        // Without a certificate to show, the first error says it all.
        guard let found = try? await http.certificate(ofServerFor: request) else { return "" }
        let nature = found.isSelfSigned ? "is self-signed; if it is" : "can't be verified; if it is"
        return ": the certificate \(nature) the BMC's, add to the device: \(line(for: found))"
    }

    /// What goes into the inventory.
    private static func line(for certificate: ServerCertificate) -> String {
        "tls: {fingerprint: \"\(text(of: certificate.sha256))\"}"
    }

    private static func text(of digest: [UInt8]) -> String {
        CertificateFingerprint(bytes: digest)?.description ?? "nothing"
    }
}
