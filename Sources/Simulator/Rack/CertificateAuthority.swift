internal import Crypto
internal import Foundation
internal import Locking
internal import NIOSSL
internal import SwiftASN1
internal import X509

/// The authority that signs the certificates of one rack's BMCs. It lives as long as the rack.
final class CertificateAuthority: Sendable {
    /// How many BMCs share a certificate and its TLS context, which is what costs memory here. In a
    /// client it is the number of names in a certificate that does.
    static let groupSize = 16

    /// The authority's certificate.
    let pem: String

    private let key: Certificate.PrivateKey
    private let name: DistinguishedName
    private let validity: ClosedRange<Date>
    private let contexts = Mutex<[Int: NIOSSLContext]>([:])

    init() throws {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let name = try DistinguishedName {
            OrganizationName("Rackpool")
            CommonName("Simulated rack")
        }
        // From yesterday on, for clocks that differ; longer than any rack lives.
        validity = Date(timeIntervalSinceNow: -86_400)...Date(timeIntervalSinceNow: 365 * 86_400)
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key.publicKey,
            notValidBefore: validity.lowerBound, notValidAfter: validity.upperBound, issuer: name,
            subject: name, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true))
                SubjectKeyIdentifier(hash: key.publicKey)
            },
            issuerPrivateKey: key)
        self.key = key
        self.name = name
        pem = try certificate.serializeAsPEM().pemString
    }

    /// The TLS context of a group of BMCs, made when it is first asked for.
    ///
    /// - Parameter addresses: the IPv4 addresses of the group.
    func context(group: Int, addresses: () -> [String]) throws -> NIOSSLContext {
        try contexts.withLock { contexts in
            if let known = contexts[group] { return known }
            let made = try makeContext(for: addresses())
            contexts[group] = made
            return made
        }
    }

    private func makeContext(for addresses: [String]) throws -> NIOSSLContext {
        let leafKey = P256.Signing.PrivateKey()
        let names = addresses.map { address in
            let packed = address.split(separator: ".").compactMap { UInt8($0) }
            return GeneralName.ipAddress(ASN1OctetString(contentBytes: packed[...]))
        }
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(),
            publicKey: Certificate.PublicKey(leafKey.publicKey),
            notValidBefore: validity.lowerBound, notValidAfter: validity.upperBound, issuer: name,
            subject: DistinguishedName { CommonName("Simulated BMCs") },
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames(names)
                SubjectKeyIdentifier(hash: Certificate.PublicKey(leafKey.publicKey))
            },
            issuerPrivateKey: key)
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: [
                .certificate(
                    try NIOSSLCertificate(bytes: serializer.serializedBytes, format: .der))
            ],
            privateKey: .privateKey(
                try NIOSSLPrivateKey(bytes: Array(leafKey.derRepresentation), format: .der)))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        return try NIOSSLContext(configuration: configuration)
    }
}
