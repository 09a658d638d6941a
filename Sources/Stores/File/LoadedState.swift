internal import Core

/// What was read from a state's files.
struct LoadedState: Sendable {
    var image: StateImage
    var sequence: UInt64
    var others: StateOthers
    /// What the JSON file says it is; that of a fresh one if there is none.
    var format: Int64
    /// What the JSON file says of its journal; nil if there is no such file or it has none.
    var reference: JournalReference?
    /// The size of the JSON file in bytes; 0 if there is none.
    var documentSize: Int
    /// The numbers of all segments that are there, needed or not, the lowest first.
    var segments: [UInt64] = []
    /// How long the content of the segments is that were read, where that is known.
    var contents: [UInt64: Int] = [:]
    /// The number of the last change that was read.
    var last: UInt64
    /// The payloads of the last changes that nothing proves to be on disk, though they were read: a
    /// process that was killed may have written and not synced them, or a sync may have failed. They
    /// must be written again before anybody relies on them.
    var carried: [ArraySlice<UInt8>] = []
    /// A write at the journal's end that was cut short.
    var torn: Torn?

    struct Torn: Sendable, Hashable {
        let path: String
        let offset: Int
        let count: Int
    }

    init(document: StateDocument, size: Int) {
        image = StateImage(document.records)
        sequence = document.sequence
        others = document.others
        format = document.format
        reference = document.journal
        documentSize = size
        last = document.journal?.change ?? 0
    }

    /// Whether an earlier format is to be left behind, or there is no file yet.
    var isToBeAdopted: Bool { reference == nil || format < StateDocument.format }

    /// The number of the last change that is known to be on disk.
    var proven: UInt64 { last - UInt64(carried.count) }
}
