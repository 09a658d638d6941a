import Glibc

/// A Unix socket that listens and accepts nothing; closed, it leaves its file, as a crash does.
struct ListeningSocket {
    private let file: CInt

    init(path: String, backlog: CInt = 8) throws {
        file = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(file, pointer, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0, listen(file, backlog) == 0 else {
            throw RawConnection.Failure(operation: "bind", number: errno)
        }
    }

    func close() { Glibc.close(file) }
}
