import Core
import InfraKit
import Testing

@Suite("A shutdown", .timeLimit(.minutes(5)))
struct ShutdownTests {
    private let hello = #"{"jsonrpc":"2.0","method":"Handshake.Hello","params":{},"id":1}"#
    private let provision = #"{"jsonrpc":"2.0","method":"Instance.Provision","params":{},"id":2}"#

    @Test("closes idle connections at once and answers the calls in flight first")
    func graceful() async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let gate = Gate()
        let plugin = FakePlugin(beforeProvision: { _ in await gate.enter() })
        let running = try await RunningServer(plugin, in: directory)
        let address = running.address
        let idle = try await onThread { [hello] in
            let connections = try (0..<10).map { _ in try RawConnection(socket: address) }
            for connection in connections { _ = try connection.call(hello) }
            return connections
        }
        let busy = try await onThread { [provision] in
            let connection = try RawConnection(socket: address)
            try connection.post(provision)
            return connection
        }
        await gate.waitForArrivals(1)
        await running.beginShutdown()
        let closed = try await onThread { try idle.map { try $0.isClosed() } }
        #expect(closed == Array(repeating: true, count: 10))
        #expect(running.server.callsInFlight == 1)
        await #expect(throws: RawConnection.Failure.self) {
            try await onThread { _ = try RawConnection(socket: address) }
        }

        await gate.open()
        let answer = try await onThread { try busy.answer() }
        #expect(try JSON(parsing: answer.body)["result"]?["ID"] == "fake-1")
        #expect(try await onThread { try busy.isClosed() })
        try await running.waitUntilStopped()
        #expect(directory.names == [])
    }

    @Test("waits for calls no longer than it may, and the calls go on to their end")
    func limit() async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let gate = Gate()
        let plugin = FakePlugin(beforeProvision: { _ in await gate.enter() })
        var configuration = PluginServer.Configuration()
        configuration.shutdownLimit = .milliseconds(20)
        let running = try await RunningServer(plugin, in: directory, configuration: configuration)
        let busy = try await onThread { [provision, address = running.address] in
            let connection = try RawConnection(socket: address)
            try connection.post(provision)
            return connection
        }
        await gate.waitForArrivals(1)
        try await running.stop()
        #expect(running.server.callsInFlight == 1)
        #expect(directory.names == [])

        await gate.open()
        await running.server.waitForCalls()
        #expect(running.server.callsInFlight == 0)
        #expect(await plugin.instances.count == 1)
        withExtendedLifetime(busy) {}
    }

    @Test(
        "does not cut off the end of a long answer that the client has yet to read",
        arguments: [false, true])
    func longAnswer(clientEndsSending: Bool) async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let gate = Gate()
        let long = String(repeating: "x", count: 4 << 20)
        var configuration = PluginServer.Configuration()
        configuration.additionalMethods["Rackpool.Long"] = { _, _ in
            await gate.enter()
            return .string(long)
        }
        let running = try await RunningServer(
            FakePlugin(), in: directory, configuration: configuration)
        let connection = try await onThread { [address = running.address] in
            let connection = try RawConnection(socket: address)
            try connection.post(#"{"jsonrpc":"2.0","method":"Rackpool.Long","id":1}"#)
            if clientEndsSending { connection.endSending() }
            return connection
        }
        await gate.waitForArrivals(1)
        await running.beginShutdown()
        await gate.open()
        await running.server.waitForCalls()
        let answer = try await onThread { try connection.answer() }
        #expect(answer.body.count > long.utf8.count)
        #expect(try JSON(parsing: answer.body)["result"]?.string?.utf8.count == long.utf8.count)
        try await running.waitUntilStopped()
    }

    @Test("by cancellation removes the files too")
    func cancellation() async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let (addresses, continuation) = AsyncStream<String>.makeStream()
        let server = PluginServer(
            name: "rack", directory: directory.path, plugin: FakePlugin(), logger: .silent,
            onListening: { continuation.yield($0) })
        let task = Task { try await server.run() }
        _ = await addresses.first { _ in true }
        task.cancel()
        _ = await task.result
        #expect(directory.names == [])
    }
}
