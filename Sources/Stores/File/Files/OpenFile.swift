internal import Core

/// An open file; see ``FileSystem``. It is closed at the latest when its last reference goes.
package protocol OpenFile: Sendable {
    /// In bytes.
    func size() throws(FileFault) -> Int

    /// Reads from an offset.
    /// - Returns: at least one byte and at most `count`; none at the end of the file.
    func read(at offset: Int, count: Int) throws(FileFault) -> [UInt8]

    /// Writes at an offset.
    /// - Returns: how many of the bytes were written, at least one.
    func write(_ bytes: ArraySlice<UInt8>, at offset: Int) throws(FileFault) -> Int

    /// Has the disk keep space for the file up to a size; what is new reads as zeros. A file system
    /// that can't do that is let off.
    func allocate(_ size: Int) throws(FileFault)

    /// Makes durable what was written, and what is needed to read it back (fdatasync(2)).
    ///
    /// After a failure, what was written may be lost although it is read back and although the next
    /// call succeeds: the kernel takes the pages for clean. Write it elsewhere.
    func sync() throws(FileFault)

    /// Locks the file for this process alone until it is closed, without waiting (flock(2)).
    /// - Throws: ``FileFault``; see ``FileFault/isLocked``.
    func lock() throws(FileFault)

    /// Cuts off what follows a size, and gives the space that was kept for it back to the disk.
    func truncate(_ size: Int) throws(FileFault)

    /// Which file it is.
    func identity() throws(FileFault) -> FileIdentity

    func close()
}

extension OpenFile {
    /// Writes all bytes.
    func writeAll(_ bytes: [UInt8], at offset: Int) throws(FileFault) {
        var written = 0
        while written < bytes.count {
            written += try write(bytes[written...], at: offset + written)
        }
    }

    /// The whole content.
    func readAll() throws(FileFault) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(try size())
        while true {
            let chunk = try read(at: bytes.count, count: 1 << 20)
            if chunk.isEmpty { return bytes }
            bytes += chunk
        }
    }
}
