internal import Core
internal import Foundation
internal import Locking
internal import SafeFiles

/// The operating system's files.
package struct SystemFiles: FileSystem {
    package init() {}

    package func open(_ path: String, for purpose: FilePurpose) throws(FileFault) -> any OpenFile {
        let safely: SafeFile.Purpose =
            switch purpose {
            case .reading: .reading
            case .creating: .creating
            case .replacing: .replacing
            case .extending: .extending
            }
        do throws(SafeFileError) {
            return SystemFile(descriptor: try SafeFile.open(path, safely), path: path)
        } catch {
            throw FileFault(
                operation: purpose == .reading ? "open" : "create", path: path, code: error.code,
                objection: error.objection)
        }
    }

    package func rename(_ path: String, to newPath: String) throws(FileFault) {
        _ = try call("rename", path) { Glibc.rename(path, newPath) }
    }

    package func remove(_ path: String) throws(FileFault) {
        _ = try call("remove", path) { unlink(path) }
    }

    package func names(in folder: String) throws(FileFault) -> [String] {
        guard let stream = opendir(folder) else {
            throw FileFault(operation: "list", path: folder, code: errno)
        }
        defer { closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(stream) {
            names.append(
                withUnsafeBytes(of: &entry.pointee.d_name) { raw in
                    String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
                })
            errno = 0
        }
        guard errno == 0 else { throw FileFault(operation: "list", path: folder, code: errno) }
        return names.filter { $0 != "." && $0 != ".." }
    }

    package func identity(of path: String) throws(FileFault) -> FileIdentity? {
        var status = stat()
        do {
            _ = try call("stat", path) { stat(path, &status) }
        } catch {
            if error.isMissing { return nil }
            throw error
        }
        return FileIdentity(status)
    }

    package func syncFolder(_ folder: String) throws(FileFault) {
        let descriptor = try call("open", folder) {
            Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        }
        defer { close(descriptor) }
        _ = try call("sync", folder) { fsync(descriptor) }
    }

    package func hasFolder(_ folder: String) throws(FileFault) -> Bool {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) else {
            return false
        }
        guard isFolder.boolValue else {
            throw FileFault(operation: "make folder", path: folder, code: ENOTDIR)
        }
        return true
    }

    package func makeFolder(_ folder: String) throws(FileFault) {
        if mkdir(folder, 0o700) != 0, errno != EEXIST {
            throw FileFault(operation: "make folder", path: folder, code: errno)
        }
    }
}

/// Repeats a system call that a signal interrupted.
private func call(
    _ operation: String, _ path: String, _ body: () -> Int32
) throws(FileFault) -> Int32 {
    while true {
        let result = body()
        if result >= 0 { return result }
        if errno != EINTR { throw FileFault(operation: operation, path: path, code: errno) }
    }
}

private final class SystemFile: OpenFile {
    private let descriptor: Int32
    private let path: String
    private let isOpen = Mutex(true)

    init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close() }

    func size() throws(FileFault) -> Int {
        var status = stat()
        _ = try call("stat", path) { fstat(descriptor, &status) }
        return Int(status.st_size)
    }

    func read(at offset: Int, count: Int) throws(FileFault) -> [UInt8] {
        var failure: Int32?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while true {
                let got = pread(descriptor, buffer.baseAddress, count, off_t(offset))
                filled = max(0, got)
                if got >= 0 { return }
                if errno != EINTR {
                    failure = errno
                    return
                }
            }
        }
        if let failure { throw FileFault(operation: "read", path: path, code: failure) }
        return bytes
    }

    func write(_ bytes: ArraySlice<UInt8>, at offset: Int) throws(FileFault) -> Int {
        while true {
            let count = bytes.withUnsafeBytes { buffer in
                pwrite(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
            }
            if count > 0 || bytes.isEmpty { return max(0, count) }
            if count == 0 { throw FileFault(operation: "write", path: path, code: EIO) }
            if errno != EINTR { throw FileFault(operation: "write", path: path, code: errno) }
        }
    }

    func allocate(_ size: Int) throws(FileFault) {
        while true {
            // It returns the error instead of setting errno.
            switch posix_fallocate(descriptor, 0, off_t(size)) {
            case 0, EOPNOTSUPP, EINVAL, ENOSYS: return
            case EINTR: continue
            case let code: throw FileFault(operation: "allocate", path: path, code: code)
            }
        }
    }

    func sync() throws(FileFault) {
        _ = try call("sync", path) { fdatasync(descriptor) }
    }

    func truncate(_ size: Int) throws(FileFault) {
        _ = try call("truncate", path) { ftruncate(descriptor, off_t(size)) }
    }

    func identity() throws(FileFault) -> FileIdentity {
        var status = stat()
        _ = try call("stat", path) { fstat(descriptor, &status) }
        return FileIdentity(status)
    }

    func lock() throws(FileFault) {
        _ = try call("lock", path) { flock(descriptor, LOCK_EX | LOCK_NB) }
    }

    func close() {
        isOpen.withLock { isOpen in
            if isOpen { Glibc.close(descriptor) }
            isOpen = false
        }
    }
}

extension FileIdentity {
    fileprivate init(_ status: stat) {
        self.init(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    }
}
