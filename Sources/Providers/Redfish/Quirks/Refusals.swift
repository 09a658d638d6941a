internal import Core
internal import HTTPClient

/// What a refusal may be about besides what was asked for.
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

    /// A session is not known: `NoValidSession` and its kin of the Base registry, which belong to a
    /// 401 and are seen with 403.
    static func deniesSession(_ response: HTTPResponse) -> Bool {
        let keys = ["novalidsession", "resourceaturiunauthorized", "authenticationtokenrequired"]
        return response.status == 403 && names(response) { keys.contains(String($0)) }
    }

    /// A web server says that its port speaks TLS alone, each in its own words: nginx, Apache, and
    /// those written in Go.
    static func wantsTLS(_ response: HTTPResponse) -> Bool {
        guard response.status == 400 else { return false }
        let text = String(decoding: response.body.prefix(4096), as: UTF8.self).lowercased()
        return [
            "plain http request was sent to https port", "plain http to an ssl-enabled server port",
            "http request to an https server",
        ].contains(where: text.contains)
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
