public import Glibc

/// Opens files in folders that somebody else may have prepared: with links to what is not theirs, with
/// pipes that nobody writes to, with files that they can still write to.
///
/// Nothing is waited for, whatever a path turns out to be.
public enum SafeFile {
    /// What a file is opened for.
    public enum Purpose: Sendable, Hashable {
        /// To be read. It may be a link's target, if the link is ours: who names a file to read may
        /// name it so.
        case reading
        /// To be read from a folder that is no more trusted than the file: a link is refused.
        case readingItself
        /// To be made; whatever is there is refused.
        case creating
        /// To be made anew: what has the name loses it first, a link as well as a file.
        case replacing
        /// To be written as it is, or made. It has to be ours; see ``SafeFileError``.
        case extending
    }

    /// The largest file that ``read(_:_:maximumSize:)`` reads unless told otherwise: 64 MiB.
    public static let largest = 64 << 20

    /// Opens a regular file.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - mode: the permissions of a new file, before the process's mask.
    /// - Returns: the descriptor, to be closed by the caller; it is not handed to programs that are
    ///   started.
    /// - Throws: ``SafeFileError`` also if it is no regular file (open(2), `O_NONBLOCK`, `O_NOFOLLOW`);
    ///   of ``Purpose/extending``, if it belongs to another user, or, in a folder into which others
    ///   may write, has a second name; of ``Purpose/reading``, if another user put it into such a
    ///   folder.
    public static func open(
        _ path: String, _ purpose: Purpose, mode: mode_t = 0o600
    ) throws(SafeFileError) -> CInt {
        if purpose == .replacing, unlink(path) != 0, errno != ENOENT {
            throw SafeFileError(path: path, code: errno)
        }
        if purpose == .reading, let link = FileStatus(at: path), link.isLink, !link.isOurs {
            throw SafeFileError(
                path: path, code: ELOOP, objection: "is a symbolic link of another user")
        }
        let flags =
            switch purpose {
            case .reading: O_RDONLY
            case .readingItself: O_RDONLY | O_NOFOLLOW
            case .creating, .replacing: O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW
            case .extending: O_RDWR | O_CREAT | O_NOFOLLOW
            }
        var descriptor: CInt
        repeat {
            descriptor = Glibc.open(path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, mode)
        } while descriptor < 0 && errno == EINTR
        guard descriptor >= 0 else {
            let code = errno
            throw SafeFileError(path: path, code: code, objection: Self.objection(to: path, code))
        }
        do throws(SafeFileError) {
            let status = try FileStatus(of: descriptor, path)
            try status.check(path)
            if purpose == .extending { try status.checkOwn(path) }
            if purpose == .reading { try status.checkPlace(path) }
        } catch {
            close(descriptor)
            throw error
        }
        return descriptor
    }

    // What open(2) says of a link, a socket or a pipe without a reader tells nobody what to do.
    private static func objection(to path: String, _ code: CInt) -> String? {
        switch code {
        case ELOOP: "is a symbolic link, which is not followed here"
        case ENXIO: "is a pipe or a socket, not a file"
        default: nil
        }
    }

    /// The bytes of a file.
    ///
    /// - Parameter maximumSize: in bytes; a larger file is refused rather than read to its end.
    /// - Throws: ``SafeFileError``.
    public static func read(
        _ path: String, _ purpose: Purpose = .reading, maximumSize: Int = largest
    ) throws(SafeFileError) -> [UInt8] {
        let descriptor = try open(path, purpose)
        defer { close(descriptor) }
        return try read(descriptor, path, maximumSize: maximumSize)
    }

    /// The bytes of an open file from where it stands.
    public static func read(
        _ descriptor: CInt, _ path: String, maximumSize: Int = largest
    ) throws(SafeFileError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw SafeFileError(path: path, code: errno) }
            guard count > 0 else { return bytes }
            bytes.append(contentsOf: buffer.prefix(count))
            guard bytes.count <= maximumSize else {
                throw SafeFileError(
                    path: path, code: EFBIG, objection: "is larger than \(maximumSize >> 10) KiB")
            }
        }
    }

    /// Writes all bytes to an open file, at its end or where it stands.
    public static func write(
        _ bytes: [UInt8], to descriptor: CInt, _ path: String
    ) throws(SafeFileError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw SafeFileError(path: path, code: count == 0 ? EIO : errno) }
            rest = rest.dropFirst(count)
        }
    }

    /// Puts a new file at a path, whole or not at all; whatever was there loses its name.
    ///
    /// - Parameter mode: its permissions, before the process's mask.
    /// - Throws: ``SafeFileError``.
    public static func put(
        _ bytes: [UInt8], at path: String, mode: mode_t = 0o600
    ) throws(SafeFileError) {
        let temporary = path + ".new"
        let descriptor = try open(temporary, .replacing, mode: mode)
        do throws(SafeFileError) {
            defer { close(descriptor) }
            try write(bytes, to: descriptor, temporary)
        } catch {
            unlink(temporary)
            throw error
        }
        guard rename(temporary, path) == 0 else {
            let code = errno
            unlink(temporary)
            throw SafeFileError(path: path, code: code)
        }
    }

    /// Writes a file that must not be there yet.
    /// - Throws: ``SafeFileError``.
    public static func create(
        _ bytes: [UInt8], at path: String, mode: mode_t = 0o600
    ) throws(SafeFileError) {
        let descriptor = try open(path, .creating, mode: mode)
        defer { close(descriptor) }
        try write(bytes, to: descriptor, path)
    }
}
