internal import Core

/// Reading a file whole and replacing it atomically.
struct AtomicFile {
    private let path: String
    private let files: any FileSystem

    init(_ path: String, _ files: any FileSystem) {
        self.path = path
        self.files = files
    }

    /// The file's bytes, or nil if there is no such file.
    func read() throws(FileFault) -> [UInt8]? {
        let file: any OpenFile
        do {
            file = try files.open(path, for: .reading)
        } catch {
            if error.isMissing { return nil }
            throw error
        }
        defer { file.close() }
        return try file.readAll()
    }

    /// Writes a new file beside the old one, syncs it, puts it in the old one's place and syncs
    /// the folder: whatever happens, the path holds the old content or the new, whole. After a
    /// failure it is open which of the two.
    /// - Parameter body: hands over the content, piece by piece.
    func replace(
        _ body: ((_ piece: [UInt8]) throws(FileFault) -> Void) throws(FileFault) -> Void
    ) throws(FileFault) {
        let temporary = path + ".new"
        let file = try files.open(temporary, for: .replacing)
        do {
            defer { file.close() }
            var size = 0
            try body { piece throws(FileFault) in
                try file.writeAll(piece, at: size)
                size += piece.count
            }
            try file.sync()
        } catch {
            // What is left of it would take space from a full disk.
            do { try files.remove(temporary) } catch {}
            throw error
        }
        try files.rename(temporary, to: path)
        try files.syncFolder(StateNames.folder(of: path))
    }

    /// Appends to a file, which is made if it is missing, and syncs it.
    func append(_ bytes: [UInt8]) throws(FileFault) {
        let file = try files.open(path, for: .extending)
        defer { file.close() }
        try file.writeAll(bytes, at: try file.size())
        try file.sync()
    }
}
