internal import Core

/// A copy of a state's files as an earlier release wrote them, in a folder beside: they are called
/// there as they were, so that release can be started with them as they stand.
struct KeptCopy {
    let names: StateNames
    let files: any FileSystem

    private static let highestNumber = 1000

    /// The folders in which a state's files may be kept: `rackpool.before-format-3`, and with a number
    /// if there was one before.
    static func folder(of names: StateNames, number: Int) -> String {
        names.stem + mark + "\(StateDocument.format)" + (number == 1 ? "" : "-\(number)")
    }

    /// Whether a name in the state's folder is that of such a folder, of whatever format.
    static func isFolderName(_ name: String, of names: StateNames) -> Bool {
        name.hasPrefix(StateNames.name(of: names.stem) + mark)
    }

    /// Whether a path is that of such a folder, of whatever state.
    static func isFolder(_ path: String) -> Bool {
        StateNames.name(of: path).contains(mark)
    }

    private static let mark = ".before-format-"

    /// Copies the JSON file and the segments that it needs, durably.
    ///
    /// The JSON file comes last and gets its name when it is whole, so a folder that has it is whole.
    /// Such a folder is never written to again; if it holds just these files, for an upgrade was cut
    /// short after it was made, it serves.
    /// - Parameter segments: their numbers.
    /// - Returns: the folder.
    func keep(segments: [UInt64]) throws(FileFault) -> String {
        var number = 1
        while true {
            let folder = Self.folder(of: names, number: number)
            let copy = StateNames(document: folder + "/" + StateNames.name(of: names.document))
            if try isFree(copy) {
                try files.makeFolders(folder)
                for segment in segments {
                    try write(names.segment(segment), to: copy.segment(segment))
                }
                try write(names.document, to: copy.document)
                return folder
            }
            if try holdsTheSame(copy, segments: segments) { return folder }
            number += 1
            guard number <= Self.highestNumber else {
                // Nobody upgrades so often; something else makes these folders.
                throw FileFault(operation: "make folder", path: folder, code: 17)
            }
        }
    }

    private func isFree(_ copy: StateNames) throws(FileFault) -> Bool {
        guard try files.hasFolder(copy.folder) else { return true }
        return try AtomicFile(copy.document, files).read() == nil
    }

    private func holdsTheSame(
        _ copy: StateNames, segments: [UInt64]
    ) throws(FileFault) -> Bool {
        guard try isSame(names.document, copy.document) else { return false }
        for segment in segments {
            guard try isSame(names.segment(segment), copy.segment(segment)) else { return false }
        }
        return true
    }

    private func isSame(_ path: String, _ other: String) throws(FileFault) -> Bool {
        try AtomicFile(path, files).read() == AtomicFile(other, files).read()
    }

    private func write(_ path: String, to copy: String) throws(FileFault) {
        let bytes = try AtomicFile(path, files).read() ?? []
        try AtomicFile(copy, files).replace { write throws(FileFault) in try write(bytes) }
    }
}
