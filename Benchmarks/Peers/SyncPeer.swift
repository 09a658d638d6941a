import Foundation

/// The least that a durable change costs on a disk: its bytes appended and synced.
enum SyncPeer {
    /// Writes and syncs (fdatasync), again and again, into a file that the disk keeps space for.
    /// - Parameters:
    ///   - folder: a path in the folder to use.
    ///   - bytes: how much is written at a time.
    /// - Returns: how many times a second.
    static func rate(folder: String, bytes: Int, for time: Duration = .seconds(1)) throws -> Double
    {
        let path = folder + ".sync"
        let file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure(path) }
        defer {
            close(file)
            unlink(path)
        }
        guard posix_fallocate(file, 0, 64 << 20) == 0, fsync(file) == 0 else { throw failure(path) }
        let content = [UInt8](repeating: UInt8(ascii: "x"), count: bytes)
        let start = ContinuousClock.now
        var count = 0
        while .now - start < time {
            guard pwrite(file, content, bytes, count * bytes) == bytes, fdatasync(file) == 0 else {
                throw failure(path)
            }
            count += 1
        }
        return Double(count) / (.now - start).inSeconds
    }

    private static func failure(_ path: String) -> BenchmarkError {
        BenchmarkError("\(path): \(String(cString: strerror(errno)))")
    }
}
