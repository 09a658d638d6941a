import Foundation
import Glibc
import Locking

/// A scripted HTTP server on raw sockets: what it answers is up to the last byte the test's
/// choice. One thread serves all connections.
public final class TestServer: Sendable {
    public typealias Handler = @Sendable (TestRequest) -> TestReply

    /// `http://127.0.0.1:PORT`; of a Unix socket, `http://localhost`.
    public let url: String
    private let state: ServerState
    private let wakeUp: CInt

    /// Listens on a free port of 127.0.0.1, or on a Unix socket.
    /// - Parameter greeting: what every connection begins with, whatever is asked.
    public init(
        unixSocketPath: String? = nil, greeting: [UInt8] = [], _ handler: @escaping Handler
    ) throws {
        let listener = try Listener(unixSocketPath: unixSocketPath)
        url = listener.url
        var pipe: [CInt] = [-1, -1]
        guard Glibc.pipe(&pipe) == 0 else { throw POSIXFault(call: "pipe", number: errno) }
        wakeUp = pipe[1]
        let state = ServerState()
        self.state = state
        let wake = pipe[0]
        Thread {
            var loop = ServerLoop(
                listener: listener, wake: wake, state: state, greeting: greeting, handler: handler)
            loop.run()
        }.start()
    }

    deinit { stop() }

    /// What has happened so far.
    public var log: ServerLog { state.log }

    /// Returns once what has happened satisfies `condition`.
    public func wait(until condition: @escaping @Sendable (ServerLog) -> Bool) async {
        await state.wait(until: condition)
    }

    /// Answers every held request, with `reply` unless it has an answer of its own.
    public func answerHeld(_ reply: TestReply = .answer()) {
        state.post(.answerHeld(reply))
        wake()
    }

    /// Closes every connection on which no request is waiting.
    public func closeIdle() {
        state.post(.closeIdle)
        wake()
    }

    public func stop() {
        if state.stop() {
            wake()
            Glibc.close(wakeUp)
        }
    }

    private func wake() {
        var byte: UInt8 = 1
        _ = Glibc.write(wakeUp, &byte, 1)
    }
}

/// A system call that failed.
public struct POSIXFault: Error {
    public let call: String
    public let number: CInt
}
