internal import Core

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

    /// Which file has a name now; nil if none has.
    func identity(of path: String) throws(FileFault) -> FileIdentity?

    /// Makes durable which files a folder holds.
    func syncFolder(_ folder: String) throws(FileFault)

    /// Whether there is such a folder.
    /// - Throws: ``FileFault`` also if it is no folder.
    func hasFolder(_ folder: String) throws(FileFault) -> Bool

    /// Makes a folder, for its owner alone; durable when the folder above was synced. One that is
    /// there is left as it is.
    func makeFolder(_ folder: String) throws(FileFault)
}

extension FileSystem {
    /// Makes a folder and the folders above it that are missing, durably.
    func makeFolders(_ folder: String) throws(FileFault) {
        let parent = StateNames.folder(of: folder)
        guard try hasFolder(folder) else {
            try makeFolders(parent)
            try makeFolder(folder)
            try syncFolder(parent)
            return
        }
        // Who made it may have been killed before this. Not everybody may read the folder above, and
        // then it was not made from here.
        do {
            try syncFolder(parent)
        } catch {
            if !error.isForbidden { throw error }
        }
    }
}

/// What a file is opened for.
package enum FilePurpose: Sendable, Hashable {
    case reading
    /// Makes a file that must not be there yet, for reading by its owner alone.
    case creating
    /// Makes a file; one that is there loses its name.
    case replacing
    /// Makes a file or takes the one that is there as it is.
    case extending
}
