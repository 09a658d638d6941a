import Foundation

/// The least that an answer over a Unix socket costs: an HTTP server that reads a request and
/// writes bytes it has at hand, for one connection at a time.
final class CannedServer: Sendable {
    private let listener: Int32

    init(socketPath: String, body: [UInt8]) throws {
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard socketPath.utf8.count < room else {
            throw BenchmarkError("\(socketPath): too long for a socket")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: socketPath.utf8) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0
            }
        }
        guard isBound, listen(listener, 8) == 0 else {
            throw BenchmarkError("\(socketPath): \(String(cString: strerror(errno)))")
        }
        let head = "HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\n\r\n"
        let answer = Array(head.utf8) + body
        Thread { [listener] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { break }
                Self.serve(connection, answer)
                close(connection)
            }
            close(listener)
        }.start()
    }

    /// Stops accepting. The thread closes the socket, which may still be in its use.
    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
    }

    // The client sends one small request at a time, so that the end of a JSON object ends it.
    private static func serve(_ connection: Int32, _ answer: [UInt8]) {
        var request: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(connection, &chunk, chunk.count)
            guard count > 0 else { return }
            request += chunk[..<count]
            guard request.last == UInt8(ascii: "}") else { continue }
            request = []
            var written = 0
            while written < answer.count {
                let count = answer.withUnsafeBytes { bytes in
                    send(
                        connection, bytes.baseAddress.map { $0 + written },
                        bytes.count - written, Int32(truncatingIfNeeded: MSG_NOSIGNAL))
                }
                guard count > 0 else { return }
                written += count
            }
        }
    }
}
