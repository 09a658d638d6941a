import Testing

@testable import InfraKit

@Suite("The call tracker", .timeLimit(.minutes(5)))
struct CallTrackerTests {
    @Test("returns what the call returned")
    func value() async throws {
        let calls = CallTracker()
        #expect(try await calls.run { 7 } == 7)
        await calls.waitUntilIdle()
        #expect(calls.inFlight == 0)
    }

    @Test("lets a call go on whose caller was cancelled, and tells when it is done")
    func cancellation() async throws {
        let calls = CallTracker()
        let gate = Gate()
        let (ends, end) = AsyncStream<Bool>.makeStream()
        let caller = Task {
            try await calls.run {
                await gate.enter()
                end.yield(Task.isCancelled)
            }
        }
        await gate.waitForArrivals(1)
        caller.cancel()
        await #expect(throws: CancellationError.self) { try await caller.value }
        #expect(calls.inFlight == 1)

        let waiting = Task { await calls.waitUntilIdle() }
        let impatient = Task { await calls.waitUntilIdle() }
        impatient.cancel()
        await impatient.value
        #expect(calls.inFlight == 1)

        await gate.open()
        await waiting.value
        #expect(await ends.first { _ in true } == false)
    }
}
