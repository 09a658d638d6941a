internal import Core
internal import Foundation

/// The state file's content: the JSON shape of InfraKit-Instance-C with what we add.
///
/// ```
/// {"Provider":{"Format":3,"Sequence":2,"Journal":{"ID":"…","Change":57,"Segment":7},"Devices":{
/// "r1u03":{"LastCarrier":{"LogicalID":"db1","Group":"dbs","Sequence":1},"Revision":4}}},
/// "Instances":[
/// {"ID":"zzzzzzzy-r1u01","LogicalID":null,"Tags":{},"Device":"r1u01","State":"running",…}
/// ],
/// "NonFunctional":[]}
/// ```
///
/// An instance stands on a line of its own and in the order of its array.
struct StateDocument: Sendable {
    /// What is written. A release that knows only earlier formats must not read the file: format 1
    /// had no journal, and format 2 knew neither machines nor goals.
    static let format: Int64 = 3
    static let readFormats: ClosedRange<Int64> = 1...format
    /// How deep what is read may nest: a spec's properties are what InfraKit let through.
    static let maximumDepth = 200

    /// What the file says it is; 1 for a file of InfraKit-Instance-C, which doesn't say.
    var format = Self.format
    /// The highest number that was ever handed out.
    var sequence: UInt64 = 0
    /// What the file says of its journal; nil in a file of format 1.
    var journal: JournalReference?
    var records: [DeviceRecord] = []
    var others = StateOthers()
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
            throw StateRecognition(file: file).error(of: error, in: bytes)
        }
        try StateRecognition(file: file).check(root)
        var reader = StateReader(file: file)
        self = try reader.document(root)
    }
}
