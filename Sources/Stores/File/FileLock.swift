internal import Core
internal import Foundation

/// An exclusive lock on a file, held by this process until released or until the process ends
/// (flock(2)). The file holds the process id of the holder.
public final class FileLock: Sendable {
    private let file: any OpenFile
    private let path: String
    private let files: any FileSystem
    private let identity: FileIdentity

    /// Why a lock was not to be had.
    public struct Failure: Error {
        /// The process that holds the lock, as far as the file tells; nil if the lock is free and
        /// the system refused for another reason.
        public let holder: String?
        public let message: String
    }

    /// Creates the file if need be and locks it, without waiting.
    public convenience init(path: String) throws(Failure) {
        try self.init(path: path, files: SystemFiles())
    }

    package init(path: String, files: any FileSystem) throws(Failure) {
        do {
            file = try files.open(path, for: .extending)
        } catch {
            throw Failure(holder: nil, message: "\(path): can't be opened: \(error.reason)")
        }
        do {
            try file.lock()
        } catch {
            let holder = Self.holder(in: file)
            file.close()
            guard error.isLocked else {
                throw Failure(holder: nil, message: "\(path): can't be locked: \(error.reason)")
            }
            throw Failure(holder: holder, message: "\(path) is locked by process \(holder)")
        }
        self.path = path
        self.files = files
        do throws(FileFault) {
            identity = try file.identity()
            // It may have been removed between the two calls above.
            guard try files.identity(of: path) == identity else {
                throw FileFault(operation: "lock", path: path, code: ENOENT)
            }
        } catch {
            file.close()
            throw Failure(holder: nil, message: "\(path): can't be locked: \(error.reason)")
        }
        // Always as long, so that nothing is left of a longer number. On a full disk the lock holds,
        // too, without saying whose it is.
        let id = "\(getpid())"
        let text = id + String(repeating: " ", count: max(0, Self.length - id.count - 1)) + "\n"
        do { try file.writeAll(Array(text.utf8), at: 0) } catch {}
    }

    /// Why the lock keeps nobody out any more, though it is held: its file was removed, or another
    /// one has its name. Nil while it does.
    func loss() throws(FileFault) -> String? {
        switch try files.identity(of: path) {
        case .some(identity): nil
        case nil: "\(path) was removed"
        default: "another file was put in the place of \(path)"
        }
    }

    private static let length = 32

    private static func holder(in file: any OpenFile) -> String {
        let bytes: [UInt8]
        do { bytes = try file.read(at: 0, count: length) } catch { bytes = [] }
        let text = String(decoding: bytes, as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        return text.isEmpty ? "(unknown)" : text
    }

    /// Gives the lock back; the file stays, for removing it would let two processes lock two files
    /// of one name.
    public func release() {
        file.close()
    }

    deinit { release() }
}
