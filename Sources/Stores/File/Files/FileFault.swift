internal import Core
internal import Foundation

/// A call to the file system that failed.
package struct FileFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was tried, in one word: `open`, `write` or `sync`.
    package let operation: String
    package let path: String
    /// The system's number for the error (errno(3)).
    package let code: Int32

    package init(operation: String, path: String, code: Int32) {
        self.operation = operation
        self.path = path
        self.code = code
    }

    /// Whether there is no such file.
    package var isMissing: Bool { code == ENOENT }

    /// Whether the disk, or the owner's share of it, is full.
    package var isDiskFull: Bool { code == ENOSPC || code == EDQUOT }

    /// Whether the file, or a folder above it, is not for us.
    package var isForbidden: Bool { code == EACCES || code == EPERM }

    /// Whether another process has the lock.
    package var isLocked: Bool { code == EWOULDBLOCK }

    /// What the system says of the error.
    package var reason: String { String(cString: strerror(code)) }

    package var description: String { "\(path): \(operation) failed: \(reason)" }
}
