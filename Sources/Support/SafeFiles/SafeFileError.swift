internal import Glibc

/// Why a file was not opened, read or written.
public struct SafeFileError: Error, Sendable, Hashable, CustomStringConvertible {
    public let path: String
    /// The system's number for the error (errno(3)).
    public let code: CInt
    /// What is wrong with the file itself; nil if the system refused.
    public let objection: String?

    /// An objection of the caller's own.
    public init(_ path: String, _ objection: String) {
        self.init(path: path, code: EPERM, objection: objection)
    }

    init(path: String, code: CInt, objection: String? = nil) {
        self.path = path
        self.code = code
        self.objection = objection
    }

    /// `is a pipe, not a file`, `No such file or directory`.
    public var reason: String { objection ?? String(cString: strerror(code)) }

    public var description: String {
        objection.map { "\(path) \($0)" } ?? "\(path): \(reason)"
    }
}
