import Foundation

/// The least that a durable replacement of a file costs on a disk.
enum DiskPeer {
    /// Replaces a file again and again: write, fdatasync, rename.
    /// - Returns: how many times a second.
    static func rate(folder: String, bytes: Int, for time: Duration = .seconds(2)) throws -> Double
    {
        let content = [UInt8](repeating: UInt8(ascii: "x"), count: max(bytes, 1))
        let (path, temporary) = (folder + "/disk", folder + "/disk.new")
        defer { unlink(path) }
        let start = ContinuousClock.now
        var count = 0
        while .now - start < time {
            try replace(path, by: temporary, content)
            count += 1
        }
        return Double(count) / (.now - start).inSeconds
    }

    private static func replace(_ path: String, by temporary: String, _ content: [UInt8]) throws {
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure(temporary) }
        defer { close(file) }
        guard write(file, content, content.count) == content.count, fdatasync(file) == 0,
            rename(temporary, path) == 0
        else { throw failure(temporary) }
    }

    private static func failure(_ path: String) -> BenchmarkError {
        BenchmarkError("\(path): \(String(cString: strerror(errno)))")
    }
}
