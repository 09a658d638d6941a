internal import Core
internal import HTTPClient

extension HTTPTrust {
    init(_ trust: TLSTrust) {
        self =
            switch trust {
            case .system: .system
            case .authorities(let file): .authorities(file: file)
            case .fingerprint(let fingerprint): .certificate(sha256: fingerprint.bytes)
            case .insecure: .anything
            }
    }
}
