internal import Dispatch
internal import Glibc
internal import NIOCore

/// Asks the operating system who is at the other end of a connection.
enum PeerIdentity {
    /// Who has connected.
    /// - Parameter showedToken: whether whoever comes over TCP had to show a token.
    static func caller(on channel: any Channel, showedToken: Bool) async -> Caller {
        if let address = channel.remoteAddress, let ip = address.ipAddress {
            return .address(
                address.port.map { "\(ip) port \($0)" } ?? ip, showedToken: showedToken)
        }
        guard let provider = channel as? any SocketOptionProvider else { return .unknown }
        let option = NIOBSDSocket.Option(rawValue: SO_PEERCRED)
        let peer: Credentials? = try? await provider.unsafeGetSocketOption(
            level: .socket, name: option
        ).get()
        guard let peer else { return .unknown }
        return .process(user: await userName(of: peer.user), id: peer.process)
    }

    // `struct ucred` (unix(7)), which glibc shows to nobody who does not define _GNU_SOURCE.
    private struct Credentials {
        let process: pid_t
        let user: uid_t
        let group: gid_t
    }

    // Users may be kept by a server somewhere, which no thread of the pool waits for.
    private static func userName(of id: uid_t) async -> String {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(returning: name(of: id) ?? "user \(id)")
            }
        }
    }

    private static func name(of id: uid_t) -> String? {
        var entry = passwd()
        var buffer = [CChar](repeating: 0, count: 16 << 10)
        var found: UnsafeMutablePointer<passwd>?
        guard getpwuid_r(id, &entry, &buffer, buffer.count, &found) == 0, found != nil,
            let name = entry.pw_name
        else { return nil }
        return String(cString: name)
    }
}
