import Core
import InfraKit
import Testing

@Suite("Connections", .timeLimit(.minutes(5)))
struct ConnectionTests {
    private static func provision(_ id: Int) -> String {
        #"{"jsonrpc":"2.0","method":"Instance.Provision","params":{"Type":"","Spec":{}},"id":\#(id)}"#
    }

    @Test("that the client drops don't cancel the call")
    func dropped() async throws {
        let gate = Gate()
        let (ends, end) = AsyncStream<Bool>.makeStream()
        let plugin = FakePlugin(beforeProvision: { _ in
            await gate.enter()
            end.yield(Task.isCancelled)
        })
        try await withServer(plugin) { server, _ in
            try await onThread {
                try RawConnection(socket: server.address).post(Self.provision(1))
            }
            await gate.waitForArrivals(1)
            #expect(server.server.callsInFlight == 1)
            await gate.open()
            await server.server.waitForCalls()
            #expect(await ends.first { _ in true } == false)
            #expect(await plugin.instances.count == 1)
        }
    }

    @Test("by the hundred, opened at once, all have their calls worked on at the same time")
    func concurrency() async throws {
        let count = 500
        let gate = Gate()
        let plugin = FakePlugin(beforeProvision: { _ in await gate.enter() })
        try await withServer(plugin) { server, _ in
            let connections = try await onThread {
                try (0..<count).map { id in
                    let connection = try RawConnection(socket: server.address)
                    try connection.post(Self.provision(id))
                    return connection
                }
            }
            await gate.waitForArrivals(count)
            #expect(server.server.callsInFlight == count)
            await gate.open()
            let answers = try await onThread {
                try connections.map { try JSON(parsing: try $0.answer().body) }
            }
            #expect(answers.map { $0["id"] } == (0..<count).map { JSON($0) })
            #expect(Set(answers.compactMap { $0["result"]?["ID"]?.string }).count == count)
        }
    }

    @Test("beyond the maximum wait until one is closed")
    func maximum() async throws {
        var configuration = PluginServer.Configuration()
        configuration.maximumConnections = 2
        try await withServer(FakePlugin(), configuration: configuration) { server, _ in
            let statuses = try await onThread {
                let first = try RawConnection(socket: server.address)
                let second = try RawConnection(socket: server.address)
                let statuses = [
                    try first.call(Self.provision(1)).status,
                    try second.call(Self.provision(2)).status,
                ]
                let third = try RawConnection(socket: server.address)
                try third.post(Self.provision(3))
                first.endSending()
                return [statuses[0], statuses[1], try third.answer().status]
            }
            #expect(statuses == [200, 200, 200])
        }
    }

    @Test("that end sending early still get all of a long answer")
    func halfClosed() async throws {
        let long = String(repeating: "x", count: 4 << 20)
        var configuration = PluginServer.Configuration()
        // It is not being stopped, so that nothing hangs on this.
        configuration.stopTimeout = .zero
        configuration.additionalMethods["Rackpool.Long"] = { _, _ in .string(long) }
        try await withServer(FakePlugin(), configuration: configuration) { server, _ in
            let answer = try await onThread {
                let connection = try RawConnection(socket: server.address)
                try connection.post(#"{"jsonrpc":"2.0","method":"Rackpool.Long","id":1}"#)
                connection.endSending()
                return try connection.answer()
            }
            #expect(answer.body.count > long.utf8.count)
        }
    }
}
