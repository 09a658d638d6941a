import Foundation
import Glibc

/// What runs on the server's thread.
struct ServerLoop {
    private struct Connection {
        let number: Int
        var input: [UInt8] = []
        var isHeld = false
        var ownReply: TestReply?
    }

    private let listener: Listener
    private let wake: CInt
    private let state: ServerState
    private let greeting: [UInt8]
    private let handler: TestServer.Handler
    private var connections: [CInt: Connection] = [:]
    private var lastNumber = 0

    init(
        listener: Listener, wake: CInt, state: ServerState, greeting: [UInt8],
        handler: @escaping TestServer.Handler
    ) {
        self.greeting = greeting
        self.listener = listener
        self.wake = wake
        self.state = state
        self.handler = handler
    }

    mutating func run() {
        while !state.isStopped {
            var polled = [listener.descriptor, wake] + connections.keys
            var descriptors = polled.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard poll(&descriptors, nfds_t(descriptors.count), -1) > 0 else { continue }
            polled = descriptors.filter { $0.revents != 0 }.map(\.fd)
            for descriptor in polled {
                switch descriptor {
                case listener.descriptor: accept()
                case wake: obeyOrders()
                default: readMore(from: descriptor)
                }
            }
        }
        for descriptor in connections.keys { close(descriptor) }
        close(listener.descriptor)
        close(wake)
    }

    private mutating func accept() {
        let descriptor = Glibc.accept(listener.descriptor, nil, nil)
        guard descriptor >= 0 else { return }
        // A program that a test starts must not keep the connection open.
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        lastNumber += 1
        connections[descriptor] = Connection(number: lastNumber)
        state.record { $0.accepted += 1 }
        if !greeting.isEmpty {
            _ = Glibc.send(descriptor, greeting, greeting.count, CInt(MSG_NOSIGNAL))
        }
    }

    private mutating func obeyOrders() {
        var byte: UInt8 = 0
        _ = read(wake, &byte, 1)
        for order in state.takeOrders() {
            switch order {
            case .answerHeld(let reply):
                for (descriptor, connection) in connections where connection.isHeld {
                    connections[descriptor]?.isHeld = false
                    answer(connection.ownReply ?? reply, on: descriptor)
                }
            case .closeIdle:
                for (descriptor, connection) in connections where !connection.isHeld {
                    end(descriptor)
                }
            }
        }
    }

    private mutating func readMore(from descriptor: CInt) {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return end(descriptor) }
        connections[descriptor]?.input.append(contentsOf: buffer.prefix(count))
        guard let connection = connections[descriptor],
            let (request, length) = parse(connection.input, connection.number)
        else { return }
        connections[descriptor]?.input.removeFirst(length)
        state.record { log in
            log.requests.append(request)
            log.inFlight += 1
            log.mostInFlight = max(log.mostInFlight, log.inFlight)
        }
        answer(handler(request), on: descriptor)
    }

    private mutating func answer(_ reply: TestReply, on descriptor: CInt) {
        switch reply {
        case .hold:
            connections[descriptor]?.isHeld = true
            connections[descriptor]?.ownReply = nil
        case .holdFor(let reply):
            connections[descriptor]?.isHeld = true
            connections[descriptor]?.ownReply = reply
        case .close:
            state.record { $0.inFlight -= 1 }
            end(descriptor)
        case .bytes(let bytes, let closes):
            // Counted before it is sent: the client may be back with the next one at once.
            state.record { $0.inFlight -= 1 }
            if !send(bytes, on: descriptor) || closes { end(descriptor) }
        case .reset(let bytes):
            state.record { $0.inFlight -= 1 }
            _ = send(bytes, on: descriptor)
            // Without a time to linger the connection is not ended in order (socket(7)).
            var option = linger(l_onoff: 1, l_linger: 0)
            setsockopt(
                descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
            end(descriptor)
        case .begin(let bytes):
            connections[descriptor]?.isHeld = true
            connections[descriptor]?.ownReply = nil
            if !send(bytes, on: descriptor) { end(descriptor) }
        }
    }

    private func send(_ bytes: [UInt8], on descriptor: CInt) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.send(
                    descriptor, buffer.baseAddress.map { $0 + sent }, bytes.count - sent,
                    CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    private mutating func end(_ descriptor: CInt) {
        guard let connection = connections.removeValue(forKey: descriptor) else { return }
        close(descriptor)
        state.record { log in
            log.closed.insert(connection.number)
            if connection.isHeld { log.inFlight -= 1 }
        }
    }

    /// The first request in `input` and its length in bytes, or nil while it is incomplete.
    private func parse(_ input: [UInt8], _ number: Int) -> (TestRequest, Int)? {
        let text = String(decoding: input, as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n") else { return nil }
        var lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
        let words = lines.removeFirst().split(separator: " ").map(String.init)
        var headers: [String: String] = [:]
        for line in lines {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.count > 1 ? parts[1].trimmed : ""
        }
        let headLength = text[..<end.upperBound].utf8.count
        let length = headLength + (headers["content-length"].flatMap { Int($0) } ?? 0)
        guard input.count >= length, words.count >= 2 else { return nil }
        let request = TestRequest(
            connection: number, method: words[0], path: words[1], headers: headers,
            body: Array(input[headLength..<length]))
        return (request, length)
    }
}

extension Substring {
    fileprivate var trimmed: String {
        var text = self
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
