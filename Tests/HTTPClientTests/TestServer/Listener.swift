import Glibc

/// A listening socket.
struct Listener: Sendable {
    let descriptor: CInt
    let url: String

    init(unixSocketPath: String?) throws {
        if let unixSocketPath {
            descriptor = try Self.bind(toUnixSocket: unixSocketPath)
            url = "http://localhost"
        } else {
            let (descriptor, port) = try Self.bindToLoopback()
            self.descriptor = descriptor
            url = "http://127.0.0.1:\(port)"
        }
        guard Glibc.listen(descriptor, 4096) == 0 else {
            throw POSIXFault(call: "listen", number: errno)
        }
    }

    static func bindToLoopback() throws -> (CInt, UInt16) {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw POSIXFault(call: "socket", number: errno) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                guard Glibc.bind(descriptor, generic, length) == 0 else { return CInt(-1) }
                return getsockname(descriptor, generic, &length)
            }
        }
        guard result == 0 else { throw POSIXFault(call: "bind", number: errno) }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    private static func bind(toUnixSocket path: String) throws -> CInt {
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw POSIXFault(call: "socket", number: errno) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                Glibc.bind(descriptor, generic, length)
            }
        }
        guard result == 0 else { throw POSIXFault(call: "bind", number: errno) }
        return descriptor
    }
}
