import Core
import HTTPClient
import Locking
import Logging
import TestServer
import Testing

@testable import Redfish

@Suite("A BMC's gate", .timeLimit(.minutes(5)))
struct GateTests {
    @Test("lets one request at a time through, whoever calls")
    func oneInFlight() async throws {
        let resources = Rack.service([
            "/redfish/v1/Systems/a": Rack.computer("a"),
            "/redfish/v1/Systems/b": Rack.computer("b"),
        ])
        let service = try FakeService(resources) { .holdFor($1.answer($0)) }
        let other = try FakeService(Rack.oneSystem())
        defer {
            service.server.stop()
            other.server.stop()
        }
        let provider = Rack.provider()
        // Two devices behind one BMC, whose address is written in two ways, with two users.
        let devices = [("a", ""), ("b", "/")].map { name, slash in
            Device(
                name: name, bmc: service.server.url + slash, system: name,
                credentials: Credentials(username: name, password: Secret("p")))
        }
        let pump = Task {
            var answered = 0
            while true {
                await service.server.wait { [answered] in $0.requests.count > answered }
                guard !Task.isCancelled else { return }
                // Time for a second request to come, if one is let through.
                for _ in 0..<3 { _ = try await provider.observe(other.device("other")) }
                answered = service.server.log.requests.count
                service.server.answerHeld()
            }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<50 {
                group.addTask { _ = try await provider.observe(devices[number % 2]) }
            }
            try await group.waitForAll()
        }
        pump.cancel()
        #expect(service.server.log.mostInFlight == 1)
        #expect(service.server.log.requests.count >= 50)
    }

    @Test("keeps the order of arrival and forgets those who were cancelled")
    func order() async throws {
        let gate = FairSemaphore()
        let order = Order()
        let (opened, open) = AsyncStream.makeStream(of: Void.self)
        let holder = Task {
            try await gate.pass { () async throws(RedfishFailure) in for await _ in opened {} }
        }
        while gate.isIdle {
            try Task.checkCancellation()
            await Task.yield()
        }
        var waiters: [Task<Bool, Never>] = []
        for number in 0..<10 {
            waiters.append(
                Task {
                    do throws(RedfishFailure) {
                        try await gate.pass { () throws(RedfishFailure) in
                            order.add(number)
                        }
                        return true
                    } catch {
                        #expect(error.kind == .unreachable)
                        #expect(!error.mayHaveActed)
                        return false
                    }
                })
            while gate.waiterCount <= number {
                try Task.checkCancellation()
                await Task.yield()
            }
        }
        for number in [0, 4, 9] {
            waiters[number].cancel()
            #expect(await waiters[number].value == false)
        }
        #expect(gate.waiterCount == 7)
        open.finish()
        try await holder.value
        for number in [1, 2, 3, 5, 6, 7, 8] { #expect(await waiters[number].value) }
        #expect(order.numbers == [1, 2, 3, 5, 6, 7, 8])
        #expect(gate.isIdle)
    }

    @Test("opens again if the one inside is cancelled")
    func cancelledInside() async throws {
        let service = try FakeService(Rack.oneSystem()) { request, _ in
            request.connection == 1 ? .hold : nil
        }
        defer { service.server.stop() }
        let provider = Rack.provider()
        let held = Device(name: "held", bmc: service.server.url)
        let first = Task { try await provider.observe(held) }
        await service.server.wait { $0.inFlight == 1 }
        let device = service.device()
        let second = Task { try await provider.observe(device) }
        first.cancel()
        await #expect(throws: ProviderError.self) { try await first.value }
        #expect(try await second.value.power == .on)
        #expect(service.server.log.requests.first?.connection == 1)
        await service.server.wait { $0.closed.contains(1) }
    }

    @Test("and all else held for a device goes with the last device of its BMC")
    func forget() async throws {
        let service = try FakeService(Rack.oneSystem())
        defer { service.server.stop() }
        let provider = Rack.provider()
        let (one, other) = (service.device("one"), service.device("other"))
        _ = try await provider.observe(one)
        _ = try await provider.observe(other)
        #expect(provider.heldCounts == (2, 1))
        await provider.forget(one)
        #expect(provider.heldCounts == (1, 1))
        await provider.forget(other)
        await provider.forget(other)
        #expect(provider.heldCounts == (0, 0))
    }
}

/// The order in which numbers were added.
private final class Order: Sendable {
    private let added = Mutex<[Int]>([])

    var numbers: [Int] { added.withLock { $0 } }

    func add(_ number: Int) { added.withLock { $0.append(number) } }
}
