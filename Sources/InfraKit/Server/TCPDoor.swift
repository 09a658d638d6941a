internal import NIOHTTP1

/// What is asked of whoever comes over TCP, where no file's mode keeps anybody out: above all that
/// it is no web page, which a browser lets speak to any address that its user reaches.
struct TCPDoor: Sendable {
    /// Why a request is not served.
    struct Refusal: Hashable, Sendable {
        let status: HTTPResponseStatus
        let message: String
    }

    /// In lower case.
    private let names: Set<String>
    private let token: ListenToken?

    /// - Parameters:
    ///   - names: the host names under which clients may address us; addresses always serve.
    ///   - token: what every request has to show; nil: nothing.
    init(names: some Sequence<String>, token: ListenToken?) {
        self.names = Set(names.map { $0.lowercased() })
        self.token = token
    }

    /// Why a request is not served, as far as its head tells; nil if it is.
    func refusal(of head: HTTPRequestHead) -> Refusal? {
        let hosts = head.headers["Host"]
        // RFC 9112, section 3.2: a server must answer 400 to none and to several.
        guard hosts.count == 1 else {
            return Refusal(status: .badRequest, message: "exactly one Host is needed")
        }
        // The other forms name a host of their own, before which Host counts for nothing.
        guard head.uri.hasPrefix("/") else {
            return Refusal(status: .badRequest, message: "the target must be a path")
        }
        guard let host = Self.host(in: hosts[0]) else {
            return Refusal(status: .badRequest, message: "the Host makes no sense")
        }
        // A page may give its own name our address (DNS rebinding), but it can't do without a name.
        guard ListenAddress.isAddress(host) || names.contains(host.lowercased()) else {
            return Refusal(
                status: .forbidden,
                message:
                    "the Host is neither an address nor a name that was given with --listen-host")
        }
        // Browsers send the one with every POST (Fetch, "append a request `Origin` header"), the
        // other with every request (Fetch Metadata); no client of InfraKit's sends either.
        for field in ["Origin", "Sec-Fetch-Site"] where head.headers.contains(name: field) {
            return Refusal(status: .forbidden, message: "\(field): web pages are not served")
        }
        if let token {
            let given = head.headers["Authorization"]
            guard given.count == 1, token.isShown(by: given[0]) else {
                return Refusal(
                    status: .unauthorized,
                    message: "the token of --listen-token-file is needed (Authorization: Bearer)")
            }
        }
        // A page may send a form's types and none without asking first, and no other.
        if head.method == .POST, !Self.isJSON(head.headers["Content-Type"]) {
            return Refusal(
                status: .unsupportedMediaType, message: "Content-Type must be application/json")
        }
        return nil
    }

    private static func isJSON(_ types: [String]) -> Bool {
        types.count == 1 && PluginResponder.isJSON(types[0])
    }

    /// The host of a `Host` (RFC 9110, section 7.2), without its port and an address's brackets.
    private static func host(in field: String) -> String? {
        let end: String.Index
        if field.hasPrefix("[") {
            guard let bracket = field.firstIndex(of: "]") else { return nil }
            end = field.index(after: bracket)
        } else {
            end = field.firstIndex(of: ":") ?? field.endIndex
        }
        let port = field[end...]
        let isPortLegal =
            port.isEmpty || port.first == ":" && port.dropFirst().allSatisfy(\.isNumber)
        let host = field[..<end].trimmingPrefix("[")
        let bare = host.hasSuffix("]") ? host.dropLast() : host
        guard isPortLegal, !bare.isEmpty else { return nil }
        return String(bare)
    }
}
