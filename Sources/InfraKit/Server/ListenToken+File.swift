internal import Glibc

extension ListenToken {
    /// Reads a token from a file that is its user's, or root's, and nobody else's to read or write.
    /// White space around it is left out.
    /// - Throws: ``ListenTokenError``.
    public init(file path: String) throws(ListenTokenError) {
        // A FIFO is not waited for.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard file >= 0 else { throw .unreadable(path: path, reason: Self.reason(errno)) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else {
            throw .unreadable(path: path, reason: Self.reason(errno))
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw .foreign(path: path, owner: status.st_uid)
        }
        guard status.st_mode & 0o077 == 0 else {
            throw .exposed(path: path, mode: String(status.st_mode & 0o777, radix: 8))
        }
        // One byte more than may be in it, and room for a line's end.
        var bytes = [UInt8](repeating: 0, count: Self.maximumLength + 16)
        let count = read(file, &bytes, bytes.count)
        guard count >= 0 else { throw .unreadable(path: path, reason: Self.reason(errno)) }
        let blanks: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
        let text = bytes.prefix(count).drop { blanks.contains($0) }
        let end = text.lastIndex { !blanks.contains($0) }.map { $0 + 1 } ?? text.startIndex
        do throws(ListenTokenError) {
            try self.init(String(decoding: text[..<end], as: UTF8.self))
        } catch {
            throw .unusable(path: path, error)
        }
    }

    private static func reason(_ number: CInt) -> String {
        var text = [CChar](repeating: 0, count: 128)
        // Unlike strerror(3) it is safe on any thread.
        strerror_r(number, &text, text.count)
        return String(
            decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
