import InfraKit
import Locking
import Testing

@testable import class InfraKit.BodyBudget
@testable import class InfraKit.ClientRegister

@Suite("Many clients", .timeLimit(.minutes(5)))
struct ClientRegisterTests {
    private static let hello = #"{"jsonrpc":"2.0","method":"Handshake.Hello","id":1}"#

    private final class Client: Sendable {
        let isClosed = Mutex(false)
        func close() { isClosed.withLock { $0 = true } }
    }

    private func enter(
        _ register: ClientRegister, from address: String?
    ) -> (client: Client, isWelcome: Bool) {
        let client = Client()
        let isWelcome = register.enter(ObjectIdentifier(client), from: address) { client.close() }
        return (client, isWelcome)
    }

    @Test("give way in the order in which they have kept us waiting")
    func order() {
        let register = ClientRegister(maximum: 3, maximumPerAddress: 10)
        let clients = (0..<3).map { _ in enter(register, from: nil).client }
        // The first has sent its request, and has been answered since.
        register.note(ObjectIdentifier(clients[0]), awaitsClient: false)
        register.note(ObjectIdentifier(clients[0]), awaitsClient: true)
        var closed: [[Bool]] = []
        for _ in 0..<2 {
            #expect(enter(register, from: nil).isWelcome)
            closed.append(clients.map { $0.isClosed.withLock { $0 } })
        }
        #expect(closed == [[false, true, false], [false, true, true]])
        #expect(register.count == 3)
    }

    @Test("stay while their calls are worked on, and one goes when the first of them is answered")
    func busy() {
        let register = ClientRegister(maximum: 2, maximumPerAddress: 10)
        let busy = (0..<2).map { _ in enter(register, from: nil).client }
        for client in busy { register.note(ObjectIdentifier(client), awaitsClient: false) }
        let (late, isWelcome) = enter(register, from: nil)
        register.note(ObjectIdentifier(late), awaitsClient: false)
        #expect(isWelcome && register.count == 3)
        register.note(ObjectIdentifier(busy[1]), awaitsClient: true)
        #expect(busy.map { $0.isClosed.withLock { $0 } } == [false, true])
        #expect(register.count == 2)
    }

    @Test("of one address take only each other's places")
    func addresses() {
        let register = ClientRegister(maximum: 10, maximumPerAddress: 2)
        let other = enter(register, from: "10.0.0.2").client
        let clients = (0..<20).map { _ in enter(register, from: "10.0.0.1").client }
        #expect(
            clients.map { $0.isClosed.withLock { $0 } } == Array(repeating: true, count: 18) + [
                false, false,
            ])
        #expect(!other.isClosed.withLock { $0 })
        for client in clients { register.note(ObjectIdentifier(client), awaitsClient: false) }
        #expect(!enter(register, from: "10.0.0.1").isWelcome)
        register.leave(ObjectIdentifier(clients[19]))
        #expect(enter(register, from: "10.0.0.1").isWelcome)
    }

    @Test("of the address with the most give way where all addresses have too many together")
    func crowd() {
        let register = ClientRegister(maximum: 6, maximumPerAddress: 5)
        let honest = enter(register, from: "10.0.0.2").client
        let crowd = (0..<5).map { _ in enter(register, from: "10.0.0.1").client }
        #expect(enter(register, from: "10.0.0.3").isWelcome)
        #expect(!honest.isClosed.withLock { $0 })
        #expect(crowd[0].isClosed.withLock { $0 })
    }

    @Test("that are slow don't keep an honest one waiting", arguments: [false, true])
    func slow(overTCP: Bool) async throws {
        raiseOpenFileLimit()
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        var configuration = PluginServer.Configuration()
        configuration.maximumConnections = 64
        configuration.maximumConnectionsPerAddress = 32
        // Nobody is hung up on for being slow.
        configuration.requestTimeout = .seconds(280)
        configuration.idleTimeout = .seconds(280)
        let server = try await RunningServer(
            FakePlugin(), in: directory,
            listen: overTCP ? .tcp(host: "127.0.0.1", port: 0) : .socket,
            configuration: configuration)
        let address = server.address
        let statuses = try await onThread {
            let connect = {
                guard overTCP else { return try RawConnection(socket: address) }
                return try RawConnection(
                    loopbackPort: try #require(Int(address.split(separator: ":").last ?? "")))
            }
            var slow: [RawConnection] = []
            var statuses: [Int] = []
            for _ in 0..<10 {
                for index in 0..<50 {
                    let connection = try connect()
                    if index.isMultiple(of: 2) { try connection.send("POST / HTTP/1.1\r\nHost: ") }
                    slow.append(connection)
                }
                let honest = try connect()
                try honest.send(
                    "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: \(Self.hello.utf8.count)\r\n\r\n\(Self.hello)"
                )
                statuses.append(try honest.answer().status)
            }
            return statuses
        }
        #expect(statuses == Array(repeating: 200, count: 10))
        try await server.stop()
    }

    @Test("with large requests keep out each other, and nobody who sends a usual one")
    func bodies() async throws {
        var configuration = PluginServer.Configuration()
        configuration.maximumBodiesSize = 1 << 20
        try await withServer(FakePlugin(), configuration: configuration) { server, _ in
            let (statuses, usual, after) = try await onThread {
                let head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: \(1 << 20)\r\n\r\n"
                let half = String(repeating: " ", count: 500_000)
                var senders: [RawConnection] = []
                for _ in 0..<2 {
                    senders.append(try RawConnection(socket: server.address))
                    try senders.last?.send(head + half)
                }
                // The server has read the others' when there is no room for a third.
                var statuses: [Int] = []
                while statuses.last != 503 {
                    let third = try RawConnection(socket: server.address)
                    let body = String(repeating: " ", count: 100_000)
                    statuses.append(try third.call(body).status)
                }
                let usual = try RawConnection(socket: server.address).call(
                    Self.hello + String(repeating: " ", count: 10_000)
                ).status
                senders = []
                var after = 503
                while after == 503 {
                    after = try RawConnection(socket: server.address).call(
                        Self.hello + String(repeating: " ", count: 900_000)
                    ).status
                }
                return (statuses, usual, after)
            }
            #expect(Set(statuses).isSubset(of: [200, 503]))
            #expect(usual == 200 && after == 200)
        }
    }

    @Test("of one address get half of the room for bodies")
    func half() {
        let budget = BodyBudget(limit: 100_000)
        let free = BodyBudget.freeSize
        var leases = [budget.lease(for: "a"), budget.lease(for: "a")]
        #expect(leases[0].grow(to: free) && budget.size == 0)
        #expect(leases[0].grow(to: free + 50_000))
        #expect(!leases[1].grow(to: free + 1))
        #expect(leases[1].grow(to: free))
        let other = budget.lease(for: "b")
        #expect(other.grow(to: free + 50_000) && budget.size == 100_000)
        leases = []
        #expect(budget.size == 50_000)
    }
}
