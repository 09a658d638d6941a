internal import Glibc

/// What a file is and whose (stat(2)).
public struct FileStatus: Sendable {
    private let owner: uid_t
    private let group: gid_t
    private let mode: mode_t
    private let names: UInt64

    /// Of an open file.
    /// - Throws: ``SafeFileError``.
    public init(of descriptor: CInt, _ path: String) throws(SafeFileError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw SafeFileError(path: path, code: errno) }
        self.init(status)
    }

    /// Of what is at a path, a link itself; nil if there is nothing or it can't be seen.
    public init?(at path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    private init(_ status: stat) {
        owner = status.st_uid
        group = status.st_gid
        mode = status.st_mode
        names = UInt64(status.st_nlink)
    }

    /// Whether it is ours, or root's.
    public var isOurs: Bool { owner == geteuid() || owner == 0 }
    public var isLink: Bool { mode & S_IFMT == S_IFLNK }
    /// Whether it has more than one name: what is written to it changes what somebody else calls
    /// otherwise.
    public var hasOtherNames: Bool { names > 1 }
    public var isFolder: Bool { mode & S_IFMT == S_IFDIR }
    /// Whether users beside its owner may write it; those of our own group don't count.
    public var othersMayWrite: Bool {
        mode & S_IWOTH != 0 || mode & S_IWGRP != 0 && group != getegid() && group != 0
    }
    /// Whether users beside its owner may read it; those of our own groups don't count.
    public var othersMayRead: Bool {
        mode & S_IROTH != 0
            || mode & S_IRGRP != 0 && group != getegid() && group != 0 && !isOfOurGroups
    }

    private var isOfOurGroups: Bool {
        var groups = [gid_t](repeating: 0, count: Int(max(0, getgroups(0, nil))))
        let count = Int(max(0, getgroups(CInt(groups.count), &groups)))
        return groups.prefix(count).contains(group)
    }

    /// - Throws: if it is no regular file.
    func check(_ path: String) throws(SafeFileError) {
        let kind =
            switch mode & S_IFMT {
            case S_IFREG: String?.none
            case S_IFDIR: "is a folder, not a file"
            case S_IFIFO: "is a pipe, not a file"
            case S_IFSOCK: "is a socket, not a file"
            default: "is a device, not a file"
            }
        if let kind {
            throw SafeFileError(path: path, code: isFolder ? EISDIR : EINVAL, objection: kind)
        }
    }

    /// - Throws: if it may be somebody else's.
    func checkOwn(_ path: String) throws(SafeFileError) {
        guard owner == geteuid() || geteuid() == 0 && !isInSharedFolder(path) else {
            throw SafeFileError(
                path: path, code: EPERM, objection: "belongs to another user: look who made it")
        }
        guard !hasOtherNames || !isInSharedFolder(path) else {
            throw SafeFileError(
                path: path, code: EPERM,
                objection: "has another name, in a folder that others write to: remove it")
        }
    }

    /// - Throws: if another user may have put it into a folder of ours.
    func checkPlace(_ path: String) throws(SafeFileError) {
        guard !isOurs, isInSharedFolder(path) else { return }
        throw SafeFileError(
            path: path, code: EPERM,
            objection: "belongs to another user, in a folder that others write to")
    }

    private func isInSharedFolder(_ path: String) -> Bool {
        let cut = path.lastIndex(of: "/")
        let folder = cut.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        return FileStatus(at: folder + "/.").map { $0.othersMayWrite || !$0.isOurs } ?? true
    }
}
