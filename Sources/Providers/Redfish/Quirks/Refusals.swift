internal import Core
internal import HTTPClient

/// What a 401 or 403 may be about besides the account.
enum Refusals {
    /// The account has a password that must be changed first: `PasswordChangeRequired` of the Base
    /// registry (DSP8011), which OpenBMC and iLO send for an account with its first password.
    static func needsNewPassword(_ response: HTTPResponse) -> Bool {
        names(response) { $0.hasSuffix("passwordchangerequired") }
    }

    /// A licence is missing for the one resource: `OemLicenseNotPassed` (Supermicro),
    /// `LicenseKeyRequired` and `LicenseNotInstalled` (HPE, Lenovo).
    static func needsLicence(_ response: HTTPResponse) -> Bool {
        names(response) { $0.contains("license") }
    }

    private static func names(
        _ response: HTTPResponse, _ isMeant: (Substring) -> Bool
    ) -> Bool {
        guard let json = try? response.json() else { return false }
        return RedfishErrorBody(json).all.contains { message in
            let key = message.messageID?.lowercased().split(separator: ".").last
            return key.map(isMeant) ?? false
        }
    }
}
