internal import CCurl

extension HTTPError.Kind {
    /// Sorts libcurl's codes (libcurl-errors(3)), and by its text what they have in common.
    init(_ code: CURLcode, _ text: String) {
        switch code {
        case CURLE_RECV_ERROR where text.hasSuffix("in chunked-encoding"):
            self = .malformed
        case CURLE_SSL_CONNECT_ERROR where !text.isTLSVerdict:
            self = .reset
        // Nobody was asked but this machine's own name servers, which may be the ones that fail;
        // libcurl 7.88 does not tell their answers apart.
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
            self = .resources
        case CURLE_OPERATION_TIMEDOUT where text.hasPrefix("Resolving timed out"):
            self = .resources
        case CURLE_COULDNT_CONNECT:
            self = .connect
        case CURLE_OPERATION_TIMEDOUT:
            self = .timeout
        case CURLE_PEER_FAILED_VERIFICATION:
            self = .untrusted
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_ENGINE_INITFAILED,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_CRL_BADFILE,
            CURLE_SSL_CLIENTCERT, CURLE_USE_SSL_FAILED:
            self = .tls
        case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE:
            self = .reset
        case CURLE_FILESIZE_EXCEEDED:
            self = .tooLarge
        case CURLE_URL_MALFORMAT:
            self = .invalidRequest
        case CURLE_OUT_OF_MEMORY, CURLE_FAILED_INIT:
            self = .resources
        default:
            // The scheme was checked before, so CURLE_UNSUPPORTED_PROTOCOL is the answer's: HTTP/0.9
            // or a version that does not exist.
            self = .malformed
        }
    }
}

extension String {
    /// Whether the two sides of a handshake disagree, in OpenSSL's words; else the connection broke
    /// in the midst of it, as when a server starts anew.
    fileprivate var isTLSVerdict: Bool {
        contains("error:") && !contains("unexpected eof")
    }
}
