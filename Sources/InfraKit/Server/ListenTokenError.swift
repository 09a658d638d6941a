/// Why there is no token. Holds nothing of it.
public enum ListenTokenError: Error, Sendable, Hashable, CustomStringConvertible {
    case wrongLength(Int)
    case illegalCharacter
    /// What is there is no file, such as a FIFO that would be waited for.
    case notAFile(path: String)
    /// Others may read it or write to it: its owner's mode, in octal.
    case exposed(path: String, mode: String)
    /// It belongs to somebody else, who knows it or may change it.
    case foreign(path: String, owner: UInt32)
    case unreadable(path: String, reason: String)
    /// What is in the file is no token.
    indirect case unusable(path: String, ListenTokenError)

    public var description: String {
        switch self {
        case .wrongLength(let count):
            "a token has \(ListenToken.minimumLength) to \(ListenToken.maximumLength) characters, not \(count);"
                + " `openssl rand -hex 32` makes one"
        case .illegalCharacter:
            "a token consists of letters, digits and -._~+/=; `openssl rand -hex 32` makes one"
        case .notAFile(let path): "\(path) is no file"
        case .exposed(let path, let mode):
            "\(path) is open to others (mode \(mode)), and whoever reads it gets in: chmod 600 \(path)"
        case .foreign(let path, let owner):
            "\(path) belongs to user \(owner), who can change it: it must be this user's or root's"
        case .unreadable(let path, let reason): "\(path) can't be read: \(reason)"
        case .unusable(let path, let error): "\(path): \(error)"
        }
    }
}
