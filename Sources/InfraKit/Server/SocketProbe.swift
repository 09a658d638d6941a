internal import Glibc

/// Whether anybody listens on a Unix socket.
enum SocketProbe: Sendable, Hashable {
    /// Somebody does; which process, as far as the system tells.
    case live(pid: String)
    /// Nobody does: its process ended without removing it.
    case stale

    /// The longest path of a socket in bytes: what SwiftNIO binds, the least of its platforms';
    /// Linux takes four more (unix(7)).
    static let maximumPathLength = 103

    init(path: String) throws(PluginServerError) {
        guard path.utf8.count <= Self.maximumPathLength else {
            throw .pathTooLong(path: path, limit: Self.maximumPathLength)
        }
        let file = socket(
            AF_UNIX,
            CInt(
                SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue
                    | SOCK_NONBLOCK.rawValue), 0)
        guard file >= 0 else { throw .system("making a socket", path) }
        defer { close(file) }
        guard Self.connect(file, to: path) != 0 else {
            self = .live(pid: Self.peer(of: file))
            return
        }
        switch errno {
        case ECONNREFUSED, ENOENT: self = .stale
        // Its queue is full, so there is somebody who should empty it.
        case EAGAIN: self = .live(pid: "(unknown)")
        default: throw .system("connecting", path)
        }
    }

    private static func connect(_ file: CInt, to path: String) -> CInt {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { buffer in
            buffer.copyBytes(from: path.utf8)
        }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                Glibc.connect(file, pointer, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    private static func peer(of file: CInt) -> String {
        // The `struct ucred` of unix(7), which Swift's Glibc lacks: process, user and group.
        var credentials: [Int32] = [0, 0, 0]
        var size = socklen_t(credentials.count * MemoryLayout<Int32>.size)
        guard getsockopt(file, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0 else {
            return "(unknown)"
        }
        return "\(credentials[0])"
    }
}
