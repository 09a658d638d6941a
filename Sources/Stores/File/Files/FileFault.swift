internal import Core
internal import Foundation

/// A call to the file system that failed.
package struct FileFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was tried, in one word: `open`, `write` or `sync`.
    package let operation: String
    package let path: String
    /// The system's number for the error (errno(3)).
    package let code: Int32
    /// What is wrong with the file itself; nil if the system refused.
    package let objection: String?

    package init(operation: String, path: String, code: Int32, objection: String? = nil) {
        self.operation = operation
        self.path = path
        self.code = code
        self.objection = objection
    }

    /// Whether there is no such file.
    package var isMissing: Bool { code == ENOENT }

    /// Whether the disk, or the owner's share of it, is full.
    package var isDiskFull: Bool { code == ENOSPC || code == EDQUOT }

    /// Whether the file, or a folder above it, is not for us.
    package var isForbidden: Bool { code == EACCES || code == EPERM }

    /// Whether another process has the lock.
    package var isLocked: Bool { code == EWOULDBLOCK }

    /// What the system says of the error, or what is wrong with the file.
    package var reason: String { objection ?? String(cString: strerror(code)) }

    package var description: String { "\(path): \(operation) failed: \(reason)" }
}
