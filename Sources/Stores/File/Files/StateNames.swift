internal import Core

/// The paths of the files that make up a state: `rackpool.json`, `rackpool.journal.7`.
struct StateNames: Sendable, Hashable {
    /// The JSON file.
    let document: String
    let folder: String
    /// What the names of all files begin with.
    let stem: String
    private var journalStem: String { stem + ".journal." }

    init(document: String) {
        self.document = document
        folder = Self.folder(of: document)
        stem = document.hasSuffix(".json") ? String(document.dropLast(5)) : document
    }

    /// Where a new document is written before it takes the old one's place.
    var newDocument: String { document + ".new" }

    /// A segment of the journal.
    func segment(_ number: UInt64) -> String { journalStem + String(number) }

    /// A segment that is being made.
    var newSegment: String { journalStem + "new" }

    /// The number of the segment with a name, or nil if it names none.
    func segmentNumber(ofName name: String) -> UInt64? {
        let stem = Self.name(of: journalStem)
        guard name.hasPrefix(stem) else { return nil }
        let digits = name.dropFirst(stem.count)
        guard let number = UInt64(digits), String(number) == digits,
            number <= StateKeys.highestNumber
        else { return nil }
        return number
    }

    /// The numbers of the segments that there are, the lowest first.
    func segments(_ files: any FileSystem) throws(FileFault) -> [UInt64] {
        try files.names(in: folder).compactMap(segmentNumber(ofName:)).sorted()
    }

    /// The folder that a path lies in.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// What a path ends with.
    static func name(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    }
}
