import Foundation
import Glibc

/// A connection made of nothing but system calls, so that a test sends exactly what it says. Every
/// call blocks, two minutes at most.
final class RawConnection: Sendable {
    struct Failure: Error {
        let operation: String
        let number: CInt
    }

    struct Answer: Sendable {
        var status: Int
        var headers: [String: String]
        var body: [UInt8]
        var text: String { String(decoding: body, as: UTF8.self) }
    }

    private let file: CInt

    init(socket path: String) throws {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        file = try Self.connect(to: address, family: AF_UNIX)
    }

    init(loopbackPort port: Int) throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        file = try Self.connect(to: address, family: AF_INET)
    }

    deinit { close(file) }

    private static func connect<Address>(to address: Address, family: CInt) throws -> CInt {
        let file = socket(family, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard file >= 0 else { throw Failure(operation: "socket", number: errno) }
        var limit = timeval(tv_sec: 120, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(file, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        let result = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                Glibc.connect(file, pointer, socklen_t(MemoryLayout<Address>.size))
            }
        }
        guard result == 0 else {
            let number = errno
            close(file)
            throw Failure(operation: "connect", number: number)
        }
        return file
    }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = Glibc.send(
                file, Array(bytes[sent...]), bytes.count - sent, CInt(MSG_NOSIGNAL))
            guard count > 0 else { throw Failure(operation: "send", number: errno) }
            sent += count
        }
    }

    /// Sends a JSON-RPC body as Go's client does.
    func post(_ body: String, contentType: String? = "application/json") throws {
        try post(Array(body.utf8), contentType: contentType)
    }

    func post(_ body: [UInt8], contentType: String? = "application/json") throws {
        let type = contentType.map { "Content-Type: \($0)\r\n" } ?? ""
        try send(
            "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Go-http-client/1.1\r\n"
                + "Content-Length: \(body.count)\r\n\(type)Accept-Encoding: gzip\r\n\r\n")
        try send(body)
    }

    func call(_ body: String, contentType: String? = "application/json") throws -> Answer {
        try post(body, contentType: contentType)
        return try answer()
    }

    /// Reads one answer with a Content-Length.
    func answer() throws -> Answer {
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual([13, 10, 13, 10]) { head += try read(1) }
        let lines = String(decoding: head, as: UTF8.self).split(whereSeparator: \.isNewline)
        var answer = Answer(
            status: Int(lines[0].split(separator: " ")[1]) ?? 0, headers: [:], body: [])
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            answer.headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        let length = answer.headers["content-length"].flatMap { Int($0) } ?? 0
        while answer.body.count < length { answer.body += try read(length - answer.body.count) }
        return answer
    }

    /// Whether the server closed the connection; waits for it.
    func isClosed() throws -> Bool {
        var byte: UInt8 = 0
        let count = recv(file, &byte, 1, 0)
        if count < 0, errno != ECONNRESET { throw Failure(operation: "recv", number: errno) }
        return count <= 0
    }

    /// Returns when the server has closed the connection, without reading what it sent.
    func waitForHangUp() throws {
        var descriptor = pollfd(fd: file, events: 0, revents: 0)
        guard poll(&descriptor, 1, 120_000) > 0 else {
            throw Failure(operation: "poll", number: errno)
        }
    }

    func endSending() { shutdown(file, CInt(SHUT_WR)) }

    private func read(_ most: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: most)
        let count = recv(file, &bytes, most, 0)
        guard count > 0 else { throw Failure(operation: "recv", number: count == 0 ? 0 : errno) }
        return Array(bytes[..<count])
    }
}
