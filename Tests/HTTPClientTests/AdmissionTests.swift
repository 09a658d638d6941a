import TestServer
import Testing

@testable import HTTPClient

@Suite("Admission", .timeLimit(.minutes(5)))
struct AdmissionTests {
    private let start = ContinuousClock.now

    private func admitted(
        _ admission: inout Admission<UInt64>, after time: Duration = .zero
    ) -> [UInt64] {
        var ids: [UInt64] = []
        while let id = admission.admit(at: start + time) { ids.append(id) }
        return ids
    }

    private func filled(limit: Int, _ count: UInt64) -> Admission<UInt64> {
        var admission = Admission<UInt64>(limit: limit)
        for id in 1...count { admission.enqueue(id, id: id) }
        return admission
    }

    @Test("keeps to its bound and to the order of coming")
    func order() {
        var admission = filled(limit: 2, 5)
        #expect(admitted(&admission) == [1, 2])
        #expect(admitted(&admission) == [])
        admission.leave(2)
        #expect(admitted(&admission) == [3])
        admission.leave(2)
        #expect(admitted(&admission) == [])
        admission.leave(1)
        admission.leave(3)
        #expect(admitted(&admission) == [4, 5])
    }

    @Test("lets nobody be held up by who gets no connection")
    func patience() {
        var admission = filled(limit: 2, 5)
        #expect(admission.nextAdmission == nil)
        #expect(admitted(&admission) == [1, 2])
        #expect(admission.nextAdmission == start + .milliseconds(500))
        #expect(admitted(&admission, after: .milliseconds(499)) == [])
        #expect(admitted(&admission, after: .milliseconds(500)) == [3, 4])
        // Too late: its place is taken already.
        admission.leave(1)
        #expect(admitted(&admission, after: .milliseconds(501)) == [])
        #expect(admitted(&admission, after: .milliseconds(1000)) == [5])
        #expect(admission.nextAdmission == nil)
    }

    @Test("is not waited for by who gave up")
    func withdrawal() {
        var admission = filled(limit: 1, 4)
        #expect(admitted(&admission) == [1])
        #expect(admission.withdraw(2) == 2)
        #expect(admission.withdraw(2) == nil)
        #expect(admission.withdraw(1) == nil)
        admission.leave(1)
        #expect(admitted(&admission) == [3])
        #expect(admission.withdrawAll() == [4])
        #expect(admission.withdrawAll() == [])
    }

    @Test("lets a request pass servers that never finish their handshake")
    func hangingServers() async throws {
        // A plain server waits for the end of a request that TLS will not send.
        let hanging = try TestServer { _ in .hold }
        let server = try TestServer { _ in .answer(200, "ok") }
        defer {
            hanging.stop()
            server.stop()
        }
        let client = HTTPClient(configuration: .init(maximumConnecting: 2))
        let url = "https" + hanging.url.dropFirst(4)
        let hung = (0..<6).map { _ in
            Task {
                await #expect(throws: HTTPError.self) {
                    try await client.send(HTTPRequest(url: url, connectTimeout: .seconds(120)))
                }
            }
        }
        await hanging.wait { $0.accepted == 2 }
        #expect(try await client.send(HTTPRequest(url: server.url)).status == 200)
        for task in hung { task.cancel() }
        for task in hung { #expect(await task.value?.kind == .cancelled) }
    }

    @Test("of a request that is cancelled or shut down while it waits is given up")
    func cancelled() async throws {
        let hanging = try TestServer { _ in .hold }
        defer { hanging.stop() }
        let client = HTTPClient(configuration: .init(maximumConnecting: 1))
        let request = HTTPRequest(
            url: "https" + hanging.url.dropFirst(4), connectTimeout: .seconds(120))
        let tasks = (0..<100).map { _ in
            Task { await #expect(throws: HTTPError.self) { try await client.send(request) } }
        }
        await hanging.wait { $0.accepted == 1 }
        for task in tasks.prefix(50) { task.cancel() }
        for task in tasks.prefix(50) { #expect(await task.value?.kind == .cancelled) }
        client.shutdown()
        for task in tasks.suffix(50) { #expect(await task.value?.kind == .shutdown) }
    }
}
