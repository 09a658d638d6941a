import Foundation
import Locking

/// A process that is measured, or that one needs: bounded in time, ended by its id.
final class ChildProcess: Sendable {
    private struct State {
        // What was written until `marker` was seen; after it nothing is kept any more.
        var text = ""
        var isReady = false
        var hasEnded = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let marker: String
    private let id: Int32
    private let state = Mutex(State())

    /// Starts a program and returns when it has written `marker`.
    /// - Parameter limit: how long it may live, whatever becomes of this process.
    /// - Throws: ``BenchmarkError`` with all it wrote if it ends without.
    static func start(
        _ executable: String, _ arguments: [String], environment: [String: String] = [:],
        until marker: String, limit: Duration = .seconds(900)
    ) async throws -> ChildProcess {
        let child = try ChildProcess(
            executable, arguments, environment: environment, marker: marker, limit: limit)
        await child.wait { $0.isReady || $0.hasEnded }
        guard child.state.withLock({ $0.isReady }) else {
            throw BenchmarkError(
                "\(executable) ended without «\(marker)»:\n\(child.state.withLock { $0.text })")
        }
        return child
    }

    private init(
        _ executable: String, _ arguments: [String], environment: [String: String],
        marker: String, limit: Duration
    ) throws {
        self.marker = marker
        let process = Process()
        let pipe = Pipe()
        // A later child that inherited the pipe would keep it open.
        for end in [pipe.fileHandleForReading, pipe.fileHandleForWriting] {
            _ = fcntl(end.fileDescriptor, F_SETFD, FD_CLOEXEC)
        }
        // coreutils' timeout makes itself the leader of a process group, which signals are sent to.
        process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
        process.arguments =
            ["--signal=KILL", "\(limit.components.seconds)", executable] + arguments
        process.environment = ProcessInfo.processInfo.environment
            .merging(environment) { _, new in new }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        try pipe.fileHandleForWriting.close()
        id = process.processIdentifier
        let output = pipe.fileHandleForReading
        // A thread of its own, for reading blocks. The output ends when the process does.
        Thread {
            while true {
                let data = output.availableData
                if data.isEmpty { break }
                self.take(String(decoding: data, as: UTF8.self))
            }
            withExtendedLifetime(process) { self.change { $0.hasEnded = true } }
        }.start()
    }

    /// What it wrote up to the marker.
    var output: String { state.withLock { $0.text } }

    /// Ends the process and returns when it is gone.
    func end() async {
        if !state.withLock({ $0.hasEnded }) { kill(-id, SIGTERM) }
        await wait { $0.hasEnded }
    }

    private func take(_ text: String) {
        change { state in
            guard !state.isReady else { return }
            state.text += text
            guard state.text.contains(marker) else { return }
            state.isReady = true
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let waiting = state.withLock { state in
            body(&state)
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    // Every change wakes every waiter, which looks again.
    private func wait(until isTrue: @Sendable (borrowing State) -> Bool) async {
        while !state.withLock({ isTrue($0) }) {
            await withCheckedContinuation { continuation in
                let isTrueNow = state.withLock { state in
                    if isTrue(state) { return true }
                    state.waiting.append(continuation)
                    return false
                }
                if isTrueNow { continuation.resume() }
            }
        }
    }
}
