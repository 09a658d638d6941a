internal import Core
internal import Logging

/// Leaves an earlier format behind, and begins a state where there is none: afterwards the JSON file
/// is all there is, in this release's format, and the journal goes on behind it.
///
/// The old files are kept before anything is replaced; one rename makes the new file the state. What
/// a crash leaves before that is the old state, and after it the new one.
struct StateAdoption {
    let names: StateNames
    let files: any FileSystem
    let settings: StoreSettings
    let logger: Logger

    func run(_ state: inout LoadedState) throws(StoreError) {
        let former = state.format
        if former < StateDocument.format { try keepCopy(of: state) }
        // Above whatever a record or a change was numbered with.
        let highest = state.image.records.reduce(state.last) { max($0, $1.revision) }
        if former < StateDocument.format { state.upgrade() }
        let change = highest + 1
        state.renumber(change)
        let next = max((state.segments.last ?? 0) + 1, state.reference?.segment ?? 1)
        let reference = JournalReference(
            identifier: state.reference?.identifier ?? settings.newIdentifier(), change: change,
            segment: next, isClean: true)
        let fold = StateFold(
            names: names, files: files,
            snapshot: StateSnapshot(
                image: state.image, sequence: state.sequence, journal: reference,
                others: state.others, isUrgent: true))
        do {
            state.documentSize = try fold.run()
        } catch {
            throw .failed("\(error): the state can't be begun")
        }
        state.reference = reference
        state.carried = []
        state.segments = []
        state.contents = [:]
    }

    private func keepCopy(of state: LoadedState) throws(StoreError) {
        let first = state.reference?.segment ?? .max
        let needed = state.segments.filter { $0 >= first }
        do {
            let folder = try KeptCopy(names: names, files: files).keep(segments: needed)
            logger.notice(
                "\(names.document): upgraded from format \(state.format) to \(StateDocument.format); the files as they were are kept in \(folder): an earlier release can be started with them, but what happens from now on is not in them"
            )
        } catch {
            throw .failed(
                "\(error): the state is of format \(state.format), and it is not upgraded without a"
                    + " copy of it; nothing was changed")
        }
    }
}

extension LoadedState {
    /// Gives all records one revision: they are written by one change.
    fileprivate mutating func renumber(_ change: UInt64) {
        image = StateImage(
            image.records.map { record in
                var record = record
                record.revision = change
                return record
            })
        last = change
    }
}
