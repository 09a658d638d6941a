internal import Foundation
internal import HTTPClient

/// Where a redirecting answer sends a request, and whether it may go there.
///
/// A request goes on only at the BMC itself: at the same scheme, host and port, or from `http` to
/// `https` at the same host, at its own port (443) or the same, which some BMCs insist on: behind another
/// port of the host somebody else may listen. Another host's name stands for the BMC's
/// own. Credentials thus never reach another host, nor an unencrypted connection that the inventory
/// did not ask for.
enum Redirect: Equatable {
    case follow(url: String, origin: String)
    /// The target as the BMC names it, and why it is not followed.
    case refuse(String, because: String)

    /// How many redirects one request may take.
    static let limit = 5

    /// A BMC behind a translation of addresses names itself as it knows itself. Where nothing but the
    /// host differs, its path is asked for at the address that we were given.
    private static func inner(
        _ target: URL, of base: URL, _ response: HTTPResponse, _ method: String
    ) -> Redirect {
        let path = target.path(percentEncoded: true)
        let query = target.query(percentEncoded: true).map { "?" + $0 } ?? ""
        let url = base.origin + path + query
        guard target.scheme?.lowercased() == base.scheme?.lowercased(),
            target.effectivePort == base.effectivePort, url != base.absoluteString,
            response.status != 303 || method == "GET"
        else { return .refuse(target.absoluteString, because: "it is another host") }
        return .follow(url: url, origin: base.origin)
    }

    /// What to do about an answer; nil if it is no redirect.
    ///
    /// The method is kept: to repeat a command as GET (RFC 9110, sections 15.4.2 and 15.4.3, allow
    /// it for POST) would do nothing. 303 means that the request was acted on and the answer lies
    /// elsewhere, so that only a GET may follow it.
    init?(_ response: HTTPResponse, to method: String, at url: String) {
        guard [301, 302, 303, 307, 308].contains(response.status) else { return nil }
        guard let location = response.headers["Location"], !location.isEmpty else {
            self = .refuse("no place", because: "the answer has no Location")
            return
        }
        guard let base = URL(string: url),
            let target = URL(string: location, relativeTo: base)?.absoluteURL,
            let host = target.host(percentEncoded: true), target.user == nil,
            target.password == nil
        else {
            self = .refuse(location, because: "it is no URL to go to")
            return
        }
        guard host.lowercased() == base.host(percentEncoded: true)?.lowercased() else {
            self = Self.inner(target, of: base, response, method)
            return
        }
        let isSameOrigin =
            target.scheme?.lowercased() == base.scheme?.lowercased()
            && target.effectivePort == base.effectivePort
        let isUpgrade =
            base.scheme?.lowercased() == "http" && target.scheme?.lowercased() == "https"
            && [443, base.effectivePort].contains(target.effectivePort)
        guard isSameOrigin || isUpgrade else {
            self = .refuse(location, because: "it is another scheme or port")
            return
        }
        guard response.status != 303 || method == "GET" else {
            self = .refuse(location, because: "a \(method) was answered with it")
            return
        }
        self = .follow(url: target.absoluteString, origin: target.origin)
    }
}

extension URL {
    /// The port, be it the scheme's own (RFC 9110, section 4.2).
    fileprivate var effectivePort: Int? {
        if let port { return port }
        return switch scheme?.lowercased() {
        case "http": 80
        case "https": 443
        default: nil
        }
    }

    /// The scheme, host and port: `https://10.0.1.7`.
    fileprivate var origin: String {
        let host = host(percentEncoded: true) ?? ""
        let bracketed = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        return "\(scheme?.lowercased() ?? "")://\(bracketed)" + (port.map { ":\($0)" } ?? "")
    }
}
