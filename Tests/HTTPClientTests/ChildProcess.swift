import Glibc

/// A program started with posix_spawn(3). Foundation's `Process` crashes now and then while other
/// tests hold thousands of descriptors, and its children inherit a mask that blocks SIGTERM.
struct ChildProcess {
    let id: pid_t
    /// What the program writes to its standard output.
    let output: CInt

    struct Failure: Error {
        let call: String
        let number: CInt
    }

    /// The program leads a process group of its own.
    init(_ arguments: [String]) throws {
        var pipe: [CInt] = [-1, -1]
        guard Glibc.pipe(&pipe) == 0 else { throw Failure(call: "pipe", number: errno) }
        defer { close(pipe[1]) }
        _ = fcntl(pipe[0], F_SETFD, FD_CLOEXEC)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, pipe[1], 1)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var noSignals = sigset_t()
        sigemptyset(&noSignals)
        posix_spawnattr_setsigmask(&attributes, &noSignals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP) | Int16(POSIX_SPAWN_SETSIGMASK))
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var id = pid_t()
        let result = posix_spawn(&id, arguments[0], &actions, &attributes, &words, environ)
        guard result == 0 else {
            close(pipe[0])
            throw Failure(call: "posix_spawn", number: result)
        }
        self.id = id
        output = pipe[0]
    }

    /// Reads what comes until `isEnough`, or the end.
    func read(until isEnough: (String) -> Bool = { _ in false }) -> String {
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !isEnough(text) {
            let count = Glibc.read(output, &buffer, buffer.count)
            guard count > 0 else { break }
            text += String(decoding: buffer.prefix(count), as: UTF8.self)
        }
        return text
    }

    /// Waits for the program's end.
    func wait() {
        close(output)
        var status: CInt = 0
        while waitpid(id, &status, 0) < 0 && errno == EINTR {}
    }

    /// Ends the program and all that it started.
    func kill() {
        Glibc.kill(-id, SIGKILL)
        wait()
    }
}
