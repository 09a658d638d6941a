import Core
import Foundation
import Locking

/// Finds the IP addresses of hosts, on threads of its own: the system's resolver waits for servers.
final class HostResolver: Sendable {
    private struct State {
        var hosts: [String]
        var found: [String: [String]] = [:]
        var workers: Int
        var isOver = false
    }

    private static let mostWorkers = 16

    private let state: Mutex<State>
    private let ends: AsyncStream<Never>
    private let end: AsyncStream<Never>.Continuation

    private init(_ hosts: Set<String>) {
        let workers = min(Self.mostWorkers, hosts.count)
        state = Mutex(State(hosts: hosts.sorted(), workers: workers))
        (ends, end) = AsyncStream.makeStream()
        for _ in 0..<workers { Thread.detachNewThread { self.work() } }
    }

    /// The addresses of each host that was found in time. What was not is left out: nothing is
    /// known of it.
    static func addresses(
        of hosts: Set<String>, within limit: Duration = .seconds(2)
    ) async -> [String: [String]] {
        guard !hosts.isEmpty else { return [:] }
        let resolver = HostResolver(hosts)
        let task = Task { for await _ in resolver.ends {} }
        _ = await wait(for: task, within: limit, SystemTime())
        return resolver.state.withLock { state in
            state.isOver = true
            return state.found
        }
    }

    private func work() {
        while let host = state.withLock({ $0.isOver ? nil : $0.hosts.popLast() }) {
            let addresses = Self.addresses(of: host)
            state.withLock { $0.found[host] = addresses.isEmpty ? nil : addresses }
        }
        let isLast = state.withLock { state in
            state.workers -= 1
            return state.workers == 0
        }
        if isLast { end.finish() }
    }

    // getaddrinfo(3) takes the hosts file, DNS and whatever else the system is set up with.
    private static func addresses(of host: String) -> [String] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        return sequence(first: list) { $0?.pointee.ai_next }.prefix { $0 != nil }.compactMap {
            guard let entry = $0?.pointee else { return nil }
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            guard
                getnameinfo(
                    entry.ai_addr, entry.ai_addrlen, &text, socklen_t(text.count), nil, 0,
                    NI_NUMERICHOST) == 0
            else { return nil }
            let address = String(
                decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            return String(address.prefix { $0 != "%" })
        }
    }
}
