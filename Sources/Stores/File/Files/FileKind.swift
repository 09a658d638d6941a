internal import Core

/// What a file that a daemon writes is, as its name tells.
package enum FileKind: String, Sendable, Hashable, CaseIterable {
    /// The JSON file.
    case document
    case newDocument = "new-document"
    /// A segment of the journal.
    case segment
    case newSegment = "new-segment"
    case history
    case newHistory = "new-history"
    case lock
    /// A file of an earlier format, as it is kept beside the state that was made of it.
    case copy
    case newCopy = "new-copy"
    case folder

    /// - Parameter path: of a state named `NAME.json`, or of what lies beside it.
    package init(path: String) {
        let name = StateNames.name(of: path)
        self =
            if KeptCopy.isFolder(StateNames.folder(of: path)) {
                name.hasSuffix(".new") ? .newCopy : .copy
            } else if name.hasSuffix(".journal.new") {
                .newSegment
            } else if name.contains(".journal.") {
                .segment
            } else if name.hasSuffix(".history.jsonl.new") {
                .newHistory
            } else if name.hasSuffix(".history.jsonl") {
                .history
            } else if name.hasSuffix(".lock") {
                .lock
            } else if name.hasSuffix(".json.new") {
                .newDocument
            } else if name.hasSuffix(".json") {
                .document
            } else {
                .folder
            }
    }
}
