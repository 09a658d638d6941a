internal import Core
internal import Foundation

/// What all BMCs of a rack share.
final class RackSettings: Sendable {
    let configuration: RackConfiguration
    /// The `Authorization` header that is accepted; nil if none is asked for (RFC 7617).
    let authorization: String?
    /// Nil for plain HTTP.
    let authority: CertificateAuthority?
    let ipmiAccess: IPMIAccess

    init(_ configuration: RackConfiguration) throws {
        self.configuration = configuration
        authorization = configuration.credentials.map { credentials in
            let pair = credentials.username + ":" + credentials.password.reveal()
            return "Basic " + Data(pair.utf8).base64EncodedString()
        }
        ipmiAccess = try IPMIAccess(configuration)
        authority = configuration.https ? try CertificateAuthority() : nil
    }
}
