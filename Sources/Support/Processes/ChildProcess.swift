package import Foundation
internal import Locking

/// A child process whose output is read line by line, ended by its id.
package final class ChildProcess: Sendable {
    private struct Waiter {
        let isThere: @Sendable (String) -> Bool
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var text = ""
        var hasEnded = false
        var waiting: [Waiter] = []
        var ending: [CheckedContinuation<Void, Never>] = []
    }

    /// The path of the executable that runs now.
    package static var ownExecutable: String { ownURL.path }

    package static var ownURL: URL {
        URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    }

    private let id: Int32
    private let state = Mutex(State())

    /// Starts a program; its standard output and error are one stream.
    /// - Parameter limit: how long it may live, whatever becomes of this process.
    package init(
        _ executable: String, _ arguments: [String], environment: [String: String] = [:],
        limit: Duration
    ) throws {
        // Close-on-exec from the start, so that no other child inherits it and keeps it open.
        var ends: [CInt] = [-1, -1]
        let kind = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw ChildProcessError(call: "socketpair", number: errno)
        }
        let output = ends[0]
        defer { close(ends[1]) }
        // coreutils' timeout makes itself the leader of a process group, which signals are sent to.
        let words =
            ["/usr/bin/timeout", "--signal=KILL", "\(limit.components.seconds)", executable]
            + arguments
        let variables = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        do {
            id = try Self.spawn(words, variables, output: ends[1])
        } catch {
            close(output)
            throw error
        }
        // A thread of its own, for reading blocks. The output ends when the process does.
        Thread {
            var buffer = [UInt8](repeating: 0, count: 1 << 14)
            while true {
                let count = read(output, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { break }
                self.append(String(decoding: buffer[..<count], as: UTF8.self))
            }
            close(output)
            var status: CInt = 0
            while waitpid(self.id, &status, 0) < 0, errno == EINTR {}
            self.end()
        }.start()
    }

    /// Starts a program and returns once it has written `text`.
    /// - Parameter limit: how long it may live, whatever becomes of this process.
    /// - Throws: ``ChildProcessError`` with all it wrote if it ends without.
    package static func start(
        _ executable: String, _ arguments: [String], environment: [String: String] = [:],
        until text: String, limit: Duration = .seconds(900)
    ) async throws -> ChildProcess {
        let child = try ChildProcess(
            executable, arguments, environment: environment, limit: limit)
        try await child.wait(for: text)
        return child
    }

    // Not Foundation's `Process`: it uses select(2), which breaks when a process has more than
    // 1,024 files open, and its children inherit a mask that holds back SIGTERM.
    private static func spawn(
        _ words: [String], _ environment: [String: String], output: CInt
    ) throws(ChildProcessError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, output, 2)
        // SwiftNIO's sockets are inherited otherwise: a child would keep our ports open.
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? [] {
            guard let descriptor = CInt(name), descriptor > 2 else { continue }
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETPGROUP))
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] =
            environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var id = pid_t()
        let result = posix_spawn(&id, words[0], &actions, &attributes, &arguments, &variables)
        guard result == 0 else { throw ChildProcessError(call: "posix_spawn", number: result) }
        return id
    }

    /// What the process has written so far.
    package var output: String { state.withLock { $0.text } }

    /// Returns once the process has written `text`.
    /// - Throws: ``ChildProcessError`` with all it wrote if it ends without.
    package func wait(for text: String) async throws {
        try await wait(for: text) { $0.contains(text) }
    }

    /// Returns once what the process has written is enough.
    /// - Parameters:
    ///   - name: what is waited for, as the error calls it.
    ///   - isThere: whether all that was written so far is enough.
    /// - Throws: ``ChildProcessError`` with all it wrote if it ends without.
    package func wait(
        for name: String, _ isThere: @escaping @Sendable (String) -> Bool
    ) async throws {
        let hasCome = await withCheckedContinuation { continuation in
            let known: Bool? = state.withLock { state in
                if isThere(state.text) { return true }
                if state.hasEnded { return false }
                state.waiting.append(Waiter(isThere: isThere, continuation: continuation))
                return nil
            }
            if let known { continuation.resume(returning: known) }
        }
        guard hasCome else {
            throw ChildProcessError(description: "the process ended without «\(name)»:\n\(output)")
        }
    }

    /// Whether the process has ended.
    package var hasEnded: Bool { state.withLock { $0.hasEnded } }

    /// Returns when the process has ended.
    package func waitForEnd() async {
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                if !state.hasEnded { state.ending.append(continuation) }
                return state.hasEnded
            }
            if hasEnded { continuation.resume() }
        }
    }

    /// Sends a signal and waits for the end.
    package func end(with signal: Int32 = SIGTERM) async {
        send(signal)
        await waitForEnd()
    }

    /// Sends a signal.
    package func send(_ signal: Int32) {
        if !state.withLock({ $0.hasEnded }) { kill(-id, signal) }
    }

    /// Sends a signal to the program alone: what limits its life would pass it on once more.
    package func sendToProgram(_ signal: Int32) {
        // proc(5): the children of a task.
        guard
            let text = try? String(
                contentsOfFile: "/proc/\(id)/task/\(id)/children", encoding: .utf8)
        else { return send(signal) }
        for program in text.split(separator: " ").compactMap({ pid_t($0) }) {
            kill(program, signal)
        }
    }

    private func append(_ text: String) {
        let ready = state.withLock { state in
            state.text += text
            let all = state.text
            let ready = state.waiting.filter { $0.isThere(all) }
            state.waiting.removeAll { $0.isThere(all) }
            return ready
        }
        for waiter in ready { waiter.continuation.resume(returning: true) }
    }

    private func end() {
        let (waiting, ending) = state.withLock { state in
            state.hasEnded = true
            defer {
                state.waiting = []
                state.ending = []
            }
            return (state.waiting, state.ending)
        }
        for waiter in waiting { waiter.continuation.resume(returning: false) }
        for continuation in ending { continuation.resume() }
    }
}
