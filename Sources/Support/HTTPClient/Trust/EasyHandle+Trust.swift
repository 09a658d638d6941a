internal import CCurl

extension EasyHandle {
    /// Tells libcurl which certificates to accept. Of a pinned certificate it verifies nothing;
    /// ``PinCheck`` does, before the request is sent.
    func set(_ trust: HTTPTrust) throws(HTTPError) {
        let isVerified =
            switch trust {
            case .system, .authorities: true
            case .certificate, .anything: false
            }
        try set(CURLOPT_SSL_VERIFYPEER, isVerified ? 1 : 0)
        try set(CURLOPT_SSL_VERIFYHOST, isVerified ? 2 : 0)
        switch trust {
        case .system: break
        case .authorities(let file): try set(CURLOPT_CAINFO, file)
        case .certificate(let digest):
            try set(CURLOPT_CERTINFO, 1)
            try unset(CURLOPT_CAINFO)
            // libcurl shares connections and TLS sessions between requests with the same TLS
            // settings, this one among them (CVE-2021-22924). It is not otherwise used where
            // nothing is verified, so it keeps what was made for one pin away from all others.
            try set(
                CURLOPT_CAPATH,
                "/pin/" + digest.map { String($0, radix: 16) }.joined(separator: ":"))
        case .anything:
            // Reading the system's authorities takes longer than the rest of a handshake.
            try unset(CURLOPT_CAINFO)
            try unset(CURLOPT_CAPATH)
        }
    }
}
