/// Gives every path of a service a folder of its own below the recording's, whatever a service
/// writes into its links.
struct FolderNames {
    /// Folders, without regard to case: on some file systems `A` is `a`.
    private var taken: Set<String> = []
    private var folders: [String: String] = [:]

    private static let root = "/redfish/v1"
    private static let longestName = 100
    private static let longestFolder = 800

    /// The folder for a path, relative to the recording's; empty for the service root.
    mutating func folder(for path: String) -> String {
        if path == Self.root { return "" }
        if let known = folders[path] { return known }
        let mark = path.firstIndex(of: "?") ?? path.endIndex
        let cut = path[..<mark].lastIndex(of: "/") ?? path.startIndex
        let above = String(path[..<cut])
        // The last part goes with its query, so that each page has a folder.
        let name = Self.safeName(path[path.index(cut, offsetBy: 1)...])
        let isAtTop = above == Self.root || !above.hasPrefix(Self.root + "/")
        var parent = isAtTop ? "" : folder(for: above) + "/"
        if parent.utf8.count + name.utf8.count > Self.longestFolder { parent = "" }
        var folder = parent + name
        var number = 2
        while !taken.insert(folder.lowercased()).inserted {
            folder = parent + name + "~\(number)"
            number += 1
        }
        folders[path] = folder
        return folder
    }

    /// Whether the folder's name alone tells the path.
    static func isPlain(_ folder: String, for path: String) -> Bool {
        path == (folder.isEmpty ? root : root + "/" + folder)
    }

    private static func safeName(_ segment: Substring) -> String {
        var name = ""
        for byte in segment.utf8.prefix(longestName) {
            let character = Character(Unicode.Scalar(byte))
            let isSafe =
                character.isASCII && (character.isLetter || character.isNumber)
                || "._-:@+,=$()".contains(character)
            name.append(isSafe ? character : "_")
        }
        // `.`, `..` and hidden files, and what stands for a resource itself.
        if name.isEmpty || name.hasPrefix(".") { name = "_" + name }
        if name.lowercased().hasSuffix(".json") || name.lowercased().hasPrefix("index.") {
            name += "_"
        }
        return name
    }
}
