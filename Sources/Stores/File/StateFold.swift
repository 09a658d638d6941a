internal import Core

/// Writes a state as the JSON file, in the old one's place, and removes the segments of the journal
/// that are not needed from then on.
struct StateFold: Sendable {
    let names: StateNames
    let files: any FileSystem
    let snapshot: StateSnapshot

    /// The segment that the file names.
    var segment: UInt64 { snapshot.journal.segment }

    /// - Returns: the file's size in bytes.
    /// - Throws: ``FileFault``; then the file is the old or the new, and all segments are there.
    @discardableResult
    func run() throws(FileFault) -> Int {
        var size = 0
        try AtomicFile(names.document, files).replace { write throws(FileFault) in
            size = try snapshot.encode(write)
        }
        // What stays is removed by the next fold; nobody reads it until then.
        do {
            for number in try names.segments(files) where number < segment {
                try files.remove(names.segment(number))
            }
        } catch {}
        return size
    }
}
