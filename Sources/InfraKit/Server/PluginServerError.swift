internal import Glibc

/// Why a plugin can't be served, and what to do about it.
public enum PluginServerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The name can't be a file's in the plugin directory.
    case illegalName(String)
    /// A process holds the lock on the `.pid` file.
    case alreadyRunning(name: String, pid: String, pidFile: String)
    /// Somebody who holds no lock answers on the socket, as a plugin of the reference does.
    case socketInUse(path: String, pid: String)
    /// There is something else at the socket's path, which is never removed.
    case notASocket(path: String, kind: String)
    /// There is something else at the path of the `.listen` file, which is never removed.
    case notAFile(path: String, kind: String)
    /// The socket's path doesn't fit the system's address structure (unix(7)).
    case pathTooLong(path: String, limit: Int)
    /// The address can't be listened on.
    case cannotListen(address: String, reason: String)
    /// Others than this machine would reach the port, and nobody would be asked for a token.
    case openToAll(host: String)
    /// A call of the operating system failed.
    case system(operation: String, path: String, reason: String)
    /// The server was run a second time.
    case alreadyRan

    public var description: String {
        switch self {
        case .illegalName(let name):
            "\"\(name)\" can't be a plugin's name: it must not be empty, start with a dot, end in "
                + ".pid or .listen, or hold a slash, a space or a control character"
        case .alreadyRunning(let name, let pid, let pidFile):
            "\(name) is already running as process \(pid), which holds \(pidFile); stop that process, "
                + "or start this one under another name or in another plugin directory"
        case .socketInUse(let path, let pid):
            "\(path) is in use: process \(pid) answers there; stop that process, or start this one "
                + "under another name or in another plugin directory"
        case .notASocket(let path, let kind):
            "\(path) is \(kind), not a socket, and is left alone; move it away, or start under "
                + "another name or in another plugin directory"
        case .notAFile(let path, let kind):
            "\(path) is \(kind), not a file, and is left alone; move it away, or start under another "
                + "name or in another plugin directory"
        case .pathTooLong(let path, let limit):
            "\(path) is too long for a socket: \(path.utf8.count) bytes, at most \(limit); use a shorter "
                + "name or plugin directory ($INFRAKIT_PLUGINS_DIR)"
        case .cannotListen(let address, let reason):
            "can't listen on \(address): \(reason)"
        case .openToAll(let host):
            "\(host) is reached from other machines, and whoever reaches the port could provision and"
                + " destroy: give a token (--listen-token-file FILE), or listen on 127.0.0.1"
        case .system(let operation, let path, let reason):
            "\(path): \(operation) failed: \(reason)"
        case .alreadyRan:
            "the plugin server has been run before; make a new one"
        }
    }

    /// Why nobody may listen there like that; nil if it is fine.
    public static func objection(to listener: PluginListener, token: ListenToken?) -> Self? {
        guard case .tcp(let host, _, _) = listener, token == nil, !PluginListener.isLoopback(host)
        else { return nil }
        return .openToAll(host: host)
    }

    /// The failure that errno tells of.
    static func system(_ operation: String, _ path: String, errno number: CInt = errno) -> Self {
        var text = [CChar](repeating: 0, count: 128)
        // Unlike strerror(3) it is safe on any thread.
        strerror_r(number, &text, text.count)
        let reason = String(
            decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return .system(operation: operation, path: path, reason: reason)
    }
}
