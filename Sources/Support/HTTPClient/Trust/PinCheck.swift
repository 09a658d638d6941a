internal import CCurl

/// Compares the certificate of a connection with the pinned one, between handshake and request.
enum PinCheck {
    /// What keeps the request from going out over the connection that libcurl has just chosen.
    static func objection(_ trust: HTTPTrust, _ handle: EasyHandle, isSecure: Bool) -> HTTPError? {
        guard isSecure, case .certificate(let digest) = trust else { return nil }
        guard let found = ServerCertificate(handle) else {
            // A reused connection was checked when it was made, for this pin and no other.
            let isReused = handle.info(CURLINFO_NUM_CONNECTS) == 0
            return isReused ? nil : HTTPError(.untrusted, "the server shows no certificate")
        }
        guard found.sha256 != digest else { return nil }
        return HTTPError(
            .untrusted, "the server's certificate is not the pinned one", certificate: found)
    }
}
