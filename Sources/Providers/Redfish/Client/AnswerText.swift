internal import Core
internal import HTTPClient

/// Puts a BMC's answers into words, without secrets.
struct AnswerText {
    let mask: SecretMask

    /// What an answer that is no success says. `place` begins its text.
    func failure(
        for response: HTTPResponse, _ place: String, isCommand: Bool
    ) -> RedfishFailure {
        let status = response.status
        let needsLicence = status == 403 && Refusals.needsLicence(response)
        let kind: ProviderError.Kind =
            switch status {
            case _ where needsLicence: .refused
            case _ where Refusals.wantsTLS(response): .untrusted
            case 401, 403: .unauthorised
            case _ where BusyAnswer(response) != nil: .busy
            // RFC 9110 15.5.9, RFC 6585 4, RFC 9110 15.6.4: each asks to try again.
            case 408, 429, 503: .busy
            // A gateway in front of the BMC speaks.
            case 502, 504: .unreachable
            case 400..<500: .refused
            default: .malformed
            }
        let text = "\(place)\(status)\(details(of: response))\(advice(on: response))"
        // 303 says that the command was carried out (RFC 9110, section 15.4.4); BMCs are known to
        // answer any 5xx to commands that they carry out later.
        let mayHaveActed = isCommand && ([303, 408].contains(status) || status >= 500)
        return RedfishFailure(
            kind, text, status: status, mayHaveActed: mayHaveActed, isIncapable: needsLicence)
    }

    private func details(of response: HTTPResponse) -> String {
        // Before anything is cut short: half a password is none that would be found.
        let body = (try? response.json()).map { RedfishErrorBody(mask.masked(words: $0)) }
        if let text = body?.text { return " \(readable(text, limit: 500))" }
        let isRedirect = (300..<400).contains(response.status)
        return response.body.isEmpty || isRedirect ? "" : " (\(excerpt(of: response)))"
    }

    private func advice(on response: HTTPResponse) -> String {
        let status = response.status
        switch status {
        case 300..<400:
            // Whatever could be followed was.
            let target = response.headers["Location"].map { readable($0) } ?? "no place"
            return " to \(target), which is not followed"
        case _ where [401, 403].contains(status) && Refusals.needsNewPassword(response):
            return "; the BMC lets the account do nothing until its password is changed: change it"
                + " there, and in the inventory"
        case _ where status == 403 && Refusals.needsLicence(response):
            return "; the BMC's licence does not cover it"
        case _ where Refusals.wantsTLS(response):
            return "; the BMC speaks TLS at this port: write https:// in the inventory"
        case 401: return "; check the user name and password"
        case 408, 429, 503:
            if SessionLimit(response) != nil {
                return "; close sessions that other programs left open, or wait until they expire"
            }
            let asked = response.headers["Retry-After"].map { readable($0, limit: 40) }
            return asked.map { "; it asks to be left alone (Retry-After: \($0))" } ?? ""
        default: return ""
        }
    }

    func excerpt(of response: HTTPResponse) -> String {
        let type = response.headers["Content-Type"].map { readable($0, limit: 60) }
        // What a secret could have been cut short at is left out.
        let isCut = response.body.count > 4096
        let words = mask.masked(String(decoding: response.body.prefix(4096), as: UTF8.self))
        let start = String(isCut ? words.dropLast(1024) : words[...]).readable(limit: 80)
        return "\(type ?? "no content type"): \"\(start)\""
    }

    /// A link that is part of a request of ours.
    func readable(link: String) -> String {
        mask.masked(link: link).readable(limit: 200)
    }

    /// A BMC's words.
    func readable(_ text: String, limit: Int = 200) -> String {
        mask.masked(text).readable(limit: limit)
    }
}
