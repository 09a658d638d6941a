public import Core
internal import Foundation

/// A state as its files have it, the journal applied. Reading it takes no lock and changes nothing, so
/// that a daemon may run meanwhile.
public struct StateInspection: Sendable {
    public let records: [DeviceRecord]
    /// The highest number that was ever drawn.
    public let sequence: UInt64
    /// The file's format; the next start upgrades one below ``currentFormat``.
    public let format: Int64
    /// The folders beside it that hold the files as they were before an upgrade.
    public let keptCopies: [String]
    /// The number of the last change.
    public let change: UInt64
    /// How many changes the journal has that the JSON file hasn't.
    public let journalChanges: UInt64
    /// A write at the journal's end that was cut short, or is under way: where, and its bytes.
    public let unfinished: String?
    private let others: StateOthers

    /// The format that this release writes.
    public static var currentFormat: Int64 { StateDocument.format }

    /// Reads a state that is whole.
    /// - Parameter path: the JSON file; it need not exist.
    /// - Throws: ``StoreError`` with the file and the place of the first fault.
    public init(path: String) throws(StoreError) {
        let (names, files) = (StateNames(document: path), SystemFiles())
        let loader = StateLoader(names: names, files: files)
        var attempts = 1
        var outcome = Result { () throws(StoreError) in try loader.load() }
        // A daemon that writes meanwhile, or folds its journal, can make whole files look damaged.
        while case .failure = outcome, attempts < 5 {
            Thread.sleep(forTimeInterval: 0.05)
            outcome = Result { () throws(StoreError) in try loader.load() }
            attempts += 1
        }
        let state = try outcome.get()
        records = Array(state.image.records)
        sequence = state.sequence
        change = state.last
        format = state.format
        do {
            keptCopies = try files.names(in: names.folder)
                .filter { KeptCopy.isFolderName($0, of: names) }.sorted()
                .map { names.folder + "/" + $0 }
        } catch {
            throw .failed("\(error)")
        }
        journalChanges = state.last - (state.reference?.change ?? 0)
        unfinished = state.torn.map { "\($0.path): \($0.count) bytes from byte \($0.offset)" }
        others = state.others
    }

    /// The records of instances in the order of their array.
    /// - Parameter nonFunctional: of which array.
    public func instances(nonFunctional: Bool) -> [(claim: Claim, record: DeviceRecord)] {
        let places = records.compactMap { record in record.claim.map { (claim: $0, record: record) }
        }
        return places.filter { $0.claim.state.isDescribed != nonFunctional }
            .sorted { ($0.claim.order, $0.claim.id) < ($1.claim.order, $1.claim.id) }
    }

    /// The state in the form of the JSON file. Init scripts are left out, for they often hold what
    /// lets a server join a cluster.
    public var text: [UInt8] {
        let shown = records.map { record in
            var record = record
            if let script = record.claim?.spec.initScript, !script.isEmpty {
                record.claim?.spec.initScript = "(\(script.utf8.count) bytes, not shown)"
            }
            return record
        }
        return StateSnapshot(
            image: StateImage(shown), sequence: sequence,
            journal: JournalReference(identifier: 0, change: change, segment: 0, isClean: true),
            others: others
        ).text
    }
}
