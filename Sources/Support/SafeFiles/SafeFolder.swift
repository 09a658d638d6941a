internal import Glibc

/// Makes folders that nobody else has a hand in.
public enum SafeFolder {
    /// Makes a new folder for its owner alone, with a name that nobody can foresee (mkdtemp(3)).
    ///
    /// - Parameter prefix: what its path begins with; six characters are added.
    /// - Returns: its path.
    /// - Throws: ``SafeFileError``.
    public static func makeUnique(_ prefix: String) throws(SafeFileError) -> String {
        var template = Array((prefix + "XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw SafeFileError(path: prefix, code: errno) }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Makes a folder, and takes one that is there only if no other user has a hand in it.
    ///
    /// - Parameter mode: the permissions of a new one, before the process's mask.
    /// - Throws: ``SafeFileError`` if it is a link, no folder, another user's, or others may write
    ///   into it.
    public static func make(_ path: String, mode: UInt32 = 0o700) throws(SafeFileError) {
        if mkdir(path, mode) == 0 { return }
        guard errno == EEXIST else { throw SafeFileError(path: path, code: errno) }
        guard let status = FileStatus(at: path), status.isFolder else {
            throw SafeFileError(path: path, code: ENOTDIR, objection: "is there and is no folder")
        }
        guard status.isOurs, !status.othersMayWrite else {
            throw SafeFileError(
                path: path, code: EPERM,
                objection: "is a folder that another user made or can write to: name another")
        }
    }
}
