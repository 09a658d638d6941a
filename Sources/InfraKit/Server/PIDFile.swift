internal import Glibc
internal import Locking
internal import SafeFiles

/// A file with this process's id, locked as long as the plugin is served (flock(2)), so that of two
/// starts one is refused, and a crash leaves no lock behind.
///
/// It holds the number and nothing else: the reference stops a plugin by reading it with
/// `strconv.Atoi`, which takes no line end (`pkg/run/manager/manager.go`).
final class PIDFile: Sendable {
    let path: String
    private let descriptor: Mutex<CInt?>

    init(path: String, name: String) throws(PluginServerError) {
        self.path = path
        let file = try Self.lock(path, name: name)
        descriptor = Mutex(file)
        let text = Array("\(getpid())".utf8)
        guard ftruncate(file, 0) == 0, pwrite(file, text, text.count, 0) == text.count else {
            let failure = PluginServerError.system("writing", path)
            remove()
            throw failure
        }
    }

    /// Removes the file and gives up the lock.
    func remove() {
        descriptor.withLock { descriptor in
            guard let file = descriptor else { return }
            // While it is locked: afterwards it may already be the next process's.
            (try? FileIdentity(descriptor: file, path: path))?.remove(path)
            close(file)
            descriptor = nil
        }
    }

    deinit { remove() }

    private static func lock(_ path: String, name: String) throws(PluginServerError) -> CInt {
        while true {
            let file: CInt
            do throws(SafeFileError) {
                file = try SafeFile.open(path, .extending, mode: 0o644)
                // It will be emptied, and whatever else it is called with it.
                guard try !FileStatus(of: file, path).hasOtherNames else {
                    close(file)
                    throw SafeFileError(path, "has another name: look what it is, and remove it")
                }
            } catch {
                throw .system(operation: "opening", path: path, reason: error.reason)
            }
            guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
                let failure = errno
                defer { close(file) }
                guard failure == EWOULDBLOCK else { throw .system("locking", path, errno: failure) }
                throw .alreadyRunning(name: name, pid: holder(file), pidFile: path)
            }
            // Another process may have removed the file between the opening and the locking.
            do {
                if try FileIdentity(at: path) == FileIdentity(descriptor: file, path: path) {
                    return file
                }
            } catch {
                close(file)
                throw error
            }
            close(file)
        }
    }

    private static func holder(_ file: CInt) -> String {
        var text = [UInt8](repeating: 0, count: 20)
        let count = max(0, pread(file, &text, text.count, 0))
        let digits = text[..<count].prefix { (0x30...0x39).contains($0) }
        // The holder may not have come to write it yet.
        return digits.isEmpty ? "(not yet known)" : String(decoding: digits, as: UTF8.self)
    }
}
