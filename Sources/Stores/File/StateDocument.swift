internal import Core
internal import Foundation

/// The state file's content: the JSON shape of InfraKit-Instance-C with what we add.
///
/// ```
/// {"Provider":{"Format":2,"Sequence":2,"Journal":{"ID":"…","Change":57,"Segment":7},"Devices":{
/// "r1u03":{"LastLogicalID":"db1","Version":4}}},
/// "Instances":[
/// {"ID":"zzzzzzzy-r1u01","LogicalID":null,"Tags":{},"Device":"r1u01","Phase":"active",…}
/// ],
/// "NonFunctional":[]}
/// ```
///
/// An instance stands on a line of its own and in the order of its array.
struct StateDocument: Sendable {
    /// What is written. Format 1 had no journal, and a release that knows only that must not read a
    /// file without the changes that its journal has.
    static let format: Int64 = 2
    static let readFormats: ClosedRange<Int64> = 1...2
    /// How deep what is read may nest: a spec's properties are what InfraKit let through.
    static let maximumDepth = 200

    /// The highest number that was ever handed out.
    var sequence: UInt64 = 0
    /// What the file says of its journal; nil in a file of format 1.
    var journal: JournalReference?
    var records: [DeviceRecord] = []
    /// Members of `Provider` that another program wrote; they are kept.
    var others: JSONObject = [:]
}

/// What a state file says of the journal beside it.
struct JournalReference: Sendable, Hashable {
    /// Ties the file and the segments together.
    var identifier: UInt64
    /// The number of the last change that the file has.
    var change: UInt64
    /// The segment that has the change after that; earlier ones are not needed.
    var segment: UInt64
    /// Whether there was no change after that, for the daemon was stopped: the segment may be missing.
    var isClean: Bool
}

extension StateDocument {
    /// Reads a state file's text.
    /// - Throws: ``StoreError/unreadable(_:)`` with the file and line and column, or the path of
    ///   the member, that makes no sense.
    init(parsing bytes: [UInt8], file: String) throws(StoreError) {
        if let document = StateDocument(linesOf: bytes, file: file) {
            self = document
        } else {
            try self.init(parsingWhole: bytes, file: file)
        }
    }

    /// Reads a text in whatever form.
    init(parsingWhole bytes: [UInt8], file: String) throws(StoreError) {
        let root: JSON
        do {
            root = try JSON(parsing: bytes, maximumDepth: Self.maximumDepth)
        } catch {
            throw .unreadable(
                "\(file):\(error.line):\(error.column): \(error.message); the state is never"
                    + " replaced: repair the file, or move it away to start with an empty pool")
        }
        var reader = StateReader(file: file)
        self = try reader.document(root)
    }
}
