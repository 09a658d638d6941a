internal import Glibc

/// What is at a path, a symbolic link not followed: which file, and of which kind.
struct FileIdentity: Sendable, Hashable {
    private let device: dev_t
    private let inode: ino_t
    private let mode: mode_t

    /// Nil if there is nothing.
    init?(at path: String) throws(PluginServerError) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT { return nil }
            throw .system("looking", path)
        }
        self.init(status)
    }

    /// Of an open file.
    init(descriptor: CInt, path: String) throws(PluginServerError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system("looking", path) }
        self.init(status)
    }

    private init(_ status: stat) {
        device = status.st_dev
        inode = status.st_ino
        mode = status.st_mode
    }

    var isSocket: Bool { mode & S_IFMT == S_IFSOCK }
    var isRegularFile: Bool { mode & S_IFMT == S_IFREG }

    /// As a person would name it.
    var kind: String {
        switch mode & S_IFMT {
        case S_IFSOCK: "a socket"
        case S_IFREG: "a file"
        case S_IFDIR: "a directory"
        case S_IFLNK: "a symbolic link"
        default: "a special file"
        }
    }

    /// Removes `path` if it is still this file.
    func remove(_ path: String) {
        if (try? FileIdentity(at: path)) == self { unlink(path) }
    }
}
