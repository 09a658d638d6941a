internal import Core

/// Where a BMC listens: a host name or an address, and a UDP port.
struct IPMIEndpoint: Hashable, Sendable {
    /// RMCP's port (IPMI v2.0 13.1.2).
    static let standardPort = 623

    /// Without brackets.
    let host: String
    let port: Int

    init(host: String, port: Int = standardPort) {
        self.host = host
        self.port = port
    }

    /// - Parameter url: `ipmi://10.0.1.7`, `ipmi://[2001:db8::7]:6230`.
    /// - Throws: `unusable`.
    init(url: String) throws(IPMIFailure) {
        let scheme = "ipmi://"
        let fault = IPMIFailure.unusable(
            "bmc: expected a URL such as ipmi://10.0.1.7 or ipmi://[2001:db8::7]:623")
        guard url.hasPrefix(scheme) else { throw fault }
        let authority = url.dropFirst(scheme.count)
        let tail: Substring
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { throw fault }
            host = String(authority[..<end].dropFirst())
            tail = authority[end...].dropFirst()
        } else {
            let end = authority.firstIndex(of: ":") ?? authority.endIndex
            host = String(authority[..<end])
            tail = authority[end...]
        }
        guard !host.isEmpty, !host.contains("/") else { throw fault }
        if tail.isEmpty {
            port = Self.standardPort
        } else {
            guard tail.first == ":", let number = Int(tail.dropFirst()), 1...65535 ~= number
            else { throw fault }
            port = number
        }
    }
}

extension IPMIEndpoint: CustomStringConvertible {
    /// As the inventory has it.
    var description: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return "ipmi://\(name)" + (port == Self.standardPort ? "" : ":\(port)")
    }
}
