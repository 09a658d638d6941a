internal import Foundation
internal import Locking

/// An exclusive lock on a file, held by this process until released or until the process ends
/// (flock(2)). The file holds the process id of the holder.
public final class FileLock: Sendable {
    private let descriptor: Mutex<Int32?>

    /// Why a lock was not to be had.
    public struct Failure: Error {
        /// The process that holds the lock, as far as the file tells; nil if the lock is free and
        /// the system refused for another reason.
        public let holder: String?
        public let message: String
    }

    /// Creates the file if need be and locks it, without waiting.
    public init(path: String) throws(Failure) {
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw Failure(
                holder: nil,
                message: "\(path): can't be opened: \(String(cString: strerror(errno)))")
        }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            var text = [UInt8](repeating: 0, count: 32)
            let count = max(0, Glibc.read(file, &text, text.count))
            close(file)
            guard reason == EWOULDBLOCK else {
                throw Failure(
                    holder: nil,
                    message: "\(path): can't be locked: \(String(cString: strerror(reason)))")
            }
            let holder = String(decoding: text[..<count], as: UTF8.self)
                .trimmingCharacters(in: .whitespacesAndNewlines)
            throw Failure(
                holder: holder.isEmpty ? "(unknown)" : holder,
                message: "\(path) is locked by process \(holder)")
        }
        ftruncate(file, 0)
        let text = Array("\(getpid())\n".utf8)
        _ = pwrite(file, text, text.count, 0)
        descriptor = Mutex(file)
    }

    /// Gives the lock back; the file stays, for removing it would let two processes lock two files
    /// of one name.
    public func release() {
        descriptor.withLock { descriptor in
            if let file = descriptor { close(file) }
            descriptor = nil
        }
    }

    deinit { release() }
}
