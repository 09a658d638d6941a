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
        if error.kind == .untrusted {
            text += await Self.advice(on: error, request, http)
        }
        self.init(
            Self.kind(of: error), text.readable(without: [], limit: 600),
            mayHaveActed: mayHaveActed && error.mayHaveBeenSent)
    }

    private static func kind(of error: HTTPError) -> ProviderError.Kind {
        switch error.kind {
        case .connect, .timeout, .reset, .cancelled, .shutdown, .resources: .unreachable
        case .tls, .untrusted: .untrusted
        case .tooLarge, .malformed: .malformed
        case .invalidRequest: .refused
        }
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
