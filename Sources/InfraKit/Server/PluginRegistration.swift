internal import Glibc
internal import Locking
internal import Logging
internal import SafeFiles

/// A plugin's files in the plugin directory, from the lock to their removal.
///
/// The socket is bound in a folder of its own that nobody else may enter, given its mode there and
/// then moved into place: it is never seen under its name with another mode or before it listens.
final class PluginRegistration: Sendable {
    private let directory: String
    private let name: String
    private let pidFile: PIDFile
    private let published = Mutex<(path: String, identity: FileIdentity)?>(nil)

    /// Makes the directory if need be, takes the lock, and clears what a crash left behind.
    ///
    /// Without the lock a `.listen` file counts as left behind, whatever its address; a socket only
    /// if nobody answers on it.
    init(name: String, directory: String, logger: Logger) throws(PluginServerError) {
        guard Self.isLegal(name) else { throw .illegalName(name) }
        self.directory = directory
        self.name = name
        try PluginDirectory.create(directory)
        pidFile = try PIDFile(path: "\(directory)/\(name).pid", name: name)
        do {
            try clearSocket(logger)
            try clearListenFile(logger)
        } catch {
            pidFile.remove()
            throw error
        }
    }

    /// Where the socket is to appear.
    var socketPath: String { "\(directory)/\(name)" }
    private var listenPath: String { "\(directory)/\(name).listen" }
    private var privateFolder: String { "\(directory)/.\(name)" }
    private var privateSocket: String { "\(privateFolder)/s" }

    /// Makes the private folder, and returns the path at which to bind the socket.
    func prepareSocket() throws(PluginServerError) -> String {
        guard privateSocket.utf8.count <= SocketProbe.maximumPathLength else {
            let more = privateSocket.utf8.count - socketPath.utf8.count
            throw .pathTooLong(path: socketPath, limit: SocketProbe.maximumPathLength - more)
        }
        removePrivateFolder()
        guard mkdir(privateFolder, 0o700) == 0 else { throw .system("making", privateFolder) }
        return privateSocket
    }

    /// Moves the socket into place, and returns its path.
    func publishSocket() throws(PluginServerError) -> String {
        guard chmod(privateSocket, 0o600) == 0 else { throw .system("chmod", privateSocket) }
        try publish(privateSocket, as: socketPath)
        rmdir(privateFolder)
        return socketPath
    }

    /// Writes the `.listen` file.
    func publish(address: String) throws(PluginServerError) {
        // Not ending in `.listen`, lest a client take it for a plugin's.
        let temporary = "\(directory)/.\(name).new"
        let file: CInt
        do throws(SafeFileError) {
            file = try SafeFile.open(temporary, .replacing, mode: 0o644)
        } catch {
            throw .system(operation: "making", path: temporary, reason: error.reason)
        }
        let text = Array(address.utf8)
        let count = write(file, text, text.count)
        let failure = errno
        close(file)
        guard count == text.count else { throw .system("writing", temporary, errno: failure) }
        try publish(temporary, as: listenPath)
    }

    /// Removes what is still ours, the lock last.
    func remove() {
        published.withLock { published in
            if let (path, identity) = published { identity.remove(path) }
            published = nil
        }
        removePrivateFolder()
        pidFile.remove()
    }

    private func publish(_ temporary: String, as path: String) throws(PluginServerError) {
        guard let identity = try FileIdentity(at: temporary) else {
            throw .system("looking", temporary, errno: ENOENT)
        }
        guard rename(temporary, path) == 0 else { throw .system("moving \(temporary)", path) }
        published.withLock { $0 = (path, identity) }
    }

    private func clearSocket(_ logger: Logger) throws(PluginServerError) {
        guard let found = try FileIdentity(at: socketPath) else { return }
        guard found.isSocket else { throw .notASocket(path: socketPath, kind: found.kind) }
        switch try SocketProbe(path: socketPath) {
        case .live(let pid):
            throw .socketInUse(path: socketPath, pid: pid)
        case .stale:
            logger.notice(
                "removed a socket that nobody listens on", metadata: ["path": "\(socketPath)"])
            found.remove(socketPath)
        }
    }

    private func clearListenFile(_ logger: Logger) throws(PluginServerError) {
        guard let found = try FileIdentity(at: listenPath) else { return }
        guard found.isRegularFile else { throw .notAFile(path: listenPath, kind: found.kind) }
        logger.notice(
            "removed a file left by a process that ended", metadata: ["path": "\(listenPath)"])
        found.remove(listenPath)
    }

    private func removePrivateFolder() {
        unlink(privateSocket)
        rmdir(privateFolder)
    }

    private static func isLegal(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix(".") && !name.hasSuffix(".pid")
            && !name.hasSuffix(".listen")
            && name.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "/") }
    }
}
