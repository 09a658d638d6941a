internal import CCurl
internal import Crypto
internal import Foundation

/// The certificate that a server showed, without the chain behind it.
public struct ServerCertificate: Sendable, Hashable {
    /// The SHA-256 of its DER form: 32 bytes.
    public let sha256: [UInt8]
    /// Whether it names itself as its issuer.
    public let isSelfSigned: Bool
}

extension ServerCertificate {
    /// What libcurl collected in the handshake (CURLINFO_CERTINFO(3)); nil if there was none in
    /// this transfer, as on a reused connection.
    init?(_ handle: EasyHandle) {
        guard let fields = handle.firstCertificate,
            let pem = fields["Cert"], let der = Self.der(ofPEM: pem)
        else { return nil }
        sha256 = Array(SHA256.hash(data: der))
        isSelfSigned = fields["Subject"] != nil && fields["Subject"] == fields["Issuer"]
    }

    // RFC 7468, section 2: base64 between the two boundary lines.
    private static func der(ofPEM pem: String) -> Data? {
        let lines = pem.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("-----") }
        return Data(base64Encoded: lines.joined())
    }
}

extension EasyHandle {
    /// What libcurl says of the server's own certificate, which is the first it was sent
    /// (RFC 8446, section 4.4.2).
    fileprivate var firstCertificate: [String: String]? {
        var certificates: UnsafeMutablePointer<curl_certinfo>?
        guard rackpool_easy_get_certificates(raw, &certificates) == CURLE_OK,
            let certificates, certificates.pointee.num_of_certs > 0
        else { return nil }
        var fields: [String: String] = [:]
        var place = certificates.pointee.certinfo?.pointee
        while let field = place {
            if let data = field.pointee.data {
                let parts = String(cString: data).split(separator: ":", maxSplits: 1)
                if parts.count == 2 { fields[String(parts[0])] = String(parts[1]) }
            }
            place = field.pointee.next
        }
        return fields
    }
}
