/// What the state's files ask of a file system: the seam at which tests fail, tear, lose and delay.
///
/// A call is one system call as far as durability goes; who calls decides what must be synced, and
/// in which order. All calls may be made concurrently.
package protocol FileSystem: Sendable {
    /// Opens a file.
    /// - Throws: ``FileFault``; see ``FileFault/isMissing``.
    func open(_ path: String, for purpose: FilePurpose) throws(FileFault) -> any OpenFile

    /// Puts a file in another one's place; durable when the folder was synced.
    func rename(_ path: String, to newPath: String) throws(FileFault)

    /// Removes a file; durable when the folder was synced.
    func remove(_ path: String) throws(FileFault)

    /// The names of what lies in a folder, in no order.
    func names(in folder: String) throws(FileFault) -> [String]

    /// Makes durable which files a folder holds.
    func syncFolder(_ folder: String) throws(FileFault)

    /// Makes a folder and the folders above it that are missing, for their owner alone, durably.
    func makeFolder(_ folder: String) throws(FileFault)
}

/// What a file is opened for.
package enum FilePurpose: Sendable, Hashable {
    case reading
    /// Makes a file that must not be there yet, for reading by its owner alone.
    case creating
    /// Makes a file, or empties the one that is there.
    case replacing
    /// Makes a file or takes the one that is there as it is.
    case extending
}
