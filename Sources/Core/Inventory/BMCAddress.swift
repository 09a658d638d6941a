internal import Foundation

/// The URL of a BMC: `https://10.0.1.7`, `https://[2001:db8::7]:8443`, `ipmi://10.0.1.7`.
struct BMCAddress: Hashable, Sendable {
    /// The scheme, host and port, each in its one normal form: lower case, without the scheme's
    /// own port, an IPv6 address as RFC 5952 writes it.
    let url: String
    /// `http`, `https` or `ipmi`.
    let scheme: String
    /// The host in its normal form, an IPv6 address in brackets.
    let host: String
    /// Nil for the scheme's own port.
    let port: Int?

    /// Whether all that is sent there, the password too, can be read on the way.
    var isPlainHTTP: Bool { scheme == "http" }

    /// Why a text is no address. The message doesn't repeat the text, which may hold a password.
    struct Fault: Error {
        let message: String
    }

    /// Paths that operators copy along with the address and that mean the service's root
    /// (DSP0266, "Redfish-defined URIs").
    private static let rootPaths: Set<Substring> = ["", "/", "/redfish/v1", "/redfish/v1/"]

    /// The schemes and their ports (RFC 9110, section 4.2; for IPMI, which has no scheme of its own,
    /// the RMCP port of ASF 2.0, 3.2.2.1, which IANA calls asf-rmcp).
    private static let standardPorts = ["http": 80, "https": 443, "ipmi": 623]

    /// What ends the host and port (RFC 3986, section 3.2).
    private static let authorityEnds = Array("/?#".utf8)

    /// Whether a text has user information, so that no part of it may be repeated in a message.
    static func mayHoldPassword(_ text: String) -> Bool {
        text.utf8.contains(UInt8(ascii: "@"))
    }

    init(_ text: String) throws(Fault) {
        guard !Self.mayHoldPassword(text) else {
            throw Fault(
                message: "a URL must not hold a user name or password; "
                    + "use \"username\" and \"passwordFile\"")
        }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw Fault(message: "holds a character that has no place in a URL")
        }
        let bytes = text.utf8
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
            bytes[colon...].starts(with: "://".utf8)
        else { throw Fault(message: "expected a URL such as https://10.0.1.7") }
        let scheme = text[..<colon].lowercased()
        guard let standardPort = Self.standardPorts[scheme] else {
            throw Fault(message: "expected https://, http:// or ipmi://")
        }
        let rest = bytes[colon...].dropFirst("://".utf8.count)
        let end = rest.firstIndex { Self.authorityEnds.contains($0) } ?? rest.endIndex
        let authority = text[rest.startIndex..<end]
        let tail = text[end...]
        guard !tail.contains("?"), !tail.contains("#") else {
            throw Fault(message: "a BMC's URL has no query and no fragment")
        }
        guard scheme != "ipmi" || tail.isEmpty || tail == "/" else {
            throw Fault(message: "an ipmi:// URL has no path")
        }
        guard Self.rootPaths.contains(tail) else {
            throw Fault(message: "a BMC's URL has no path but /redfish/v1")
        }
        let (host, port) = try Self.split(authority)
        self.scheme = scheme
        self.host = host
        self.port = port == standardPort ? nil : port
        url = "\(scheme)://\(host)" + (self.port.map { ":\($0)" } ?? "")
    }

    private static func split(
        _ authority: Substring
    ) throws(Fault) -> (host: String, port: Int?) {
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else {
                throw Fault(message: "\"[\" is never closed")
            }
            let host = authority[authority.index(after: authority.startIndex)..<end]
            guard let address = normalIPv6(String(host)) else {
                throw Fault(message: "holds no IPv6 address between its brackets")
            }
            return ("[\(address)]", try port(authority[authority.index(after: end)...]))
        }
        let host = authority.prefix { $0 != ":" }
        guard !authority[host.endIndex...].dropFirst().contains(":") else {
            throw Fault(message: "an IPv6 address needs brackets: https://[2001:db8::7]")
        }
        return (try normalName(host), try port(authority[host.endIndex...]))
    }

    /// The number after the colon, if there is one.
    private static func port(_ text: Substring) throws(Fault) -> Int? {
        guard !text.isEmpty else { return nil }
        let digits = text.dropFirst()
        guard text.first == ":", digits.utf8.allSatisfy({ 0x30...0x39 ~= $0 }),
            let port = Int(digits), 1...65535 ~= port
        else { throw Fault(message: "the port must be a number from 1 to 65535") }
        return port
    }

    private static func normalName(_ host: Substring) throws(Fault) -> String {
        guard !host.isEmpty else { throw Fault(message: "the host is missing") }
        guard host.utf8.allSatisfy(\.isNamePart), host.first != "." else {
            throw Fault(message: "the host is neither a name nor an address")
        }
        // A name that ends in a number can only be an IPv4 address (WHATWG URL, 3.5).
        let bytes = host.utf8
        let last = bytes.lastIndex(of: UInt8(ascii: ".")).map { bytes[$0...].dropFirst() }
        let label = last ?? bytes[...]
        if !label.isEmpty, label.allSatisfy({ 0x30...0x39 ~= $0 }) {
            var address = in_addr()
            guard inet_pton(AF_INET, String(host), &address) == 1 else {
                throw Fault(message: "the host is no IPv4 address, four numbers from 0 to 255")
            }
        }
        return host.lowercased()
    }

    private static func normalIPv6(_ text: String) -> String? {
        var address = in6_addr()
        guard inet_pton(AF_INET6, text, &address) == 1 else { return nil }
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(AF_INET6, &address, &buffer, socklen_t(buffer.count)) != nil else {
            return nil
        }
        return String(
            decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

extension UInt8 {
    /// Whether an ASCII byte may stand in a device's or a host's name: a letter, a digit, `.`,
    /// `_` or `-`.
    var isNamePart: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
