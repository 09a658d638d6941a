internal import Core
internal import Foundation

/// The lock on the journal's last segment, which a daemon has as long as it may write: a second
/// guard beside the lock's own file, which anybody can remove.
struct JournalClaim: Sendable {
    private let file: any OpenFile

    /// Locks the last segment, if there is one.
    /// - Throws: ``FileFault``; see ``FileFault/isLocked``.
    static func take(_ names: StateNames, _ files: any FileSystem) throws(FileFault) -> Self? {
        while let last = try names.segments(files).last {
            let file: any OpenFile
            do {
                file = try files.open(names.segment(last), for: .reading)
            } catch {
                // Whoever uses the state has just folded it.
                if error.isMissing { continue }
                throw error
            }
            do {
                try file.lock()
                // Whoever uses the state may have gone on in another one before that.
                if try names.segments(files).last == last { return Self(file: file) }
            } catch {
                file.close()
                // NFS locks only what is open for writing (flock(2)), which would make the file anew if
                // it was removed meanwhile: there, the lock's own file must do.
                if error.code == EBADF { return nil }
                throw error
            }
            file.close()
        }
        return nil
    }

    func release() {
        file.close()
    }
}
