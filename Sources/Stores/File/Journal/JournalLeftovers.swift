internal import Core

/// What a process that is dead left behind and nobody needs: space of a full disk.
struct JournalLeftovers: Sendable {
    let names: StateNames
    let files: any FileSystem
    /// How long the content of each segment is; what follows was allocated ahead.
    let contents: [UInt64: Int]
    /// The first segment that is needed.
    let needed: UInt64

    /// Gives the space back to the disk. A segment that can't be cut stays as it is.
    func giveBack() {
        do { try files.remove(names.newDocument) } catch {}
        let present: [UInt64]
        do { present = try names.segments(files) } catch { return }
        for number in present {
            do {
                if number < needed {
                    try files.remove(names.segment(number))
                } else if let size = contents[number] {
                    let file = try files.open(names.segment(number), for: .extending)
                    defer { file.close() }
                    guard try file.size() > size else { continue }
                    try file.truncate(size)
                    // Some file systems give the space back only then.
                    try file.sync()
                }
            } catch {}
        }
    }
}
