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
        // Above whatever a record or a change was numbered with.
        let highest = state.image.records.reduce(state.last) { max($0, $1.revision) }
        guard highest < StateKeys.highestNumber else {
            throw .unreadable(
                "\(names.document): has a change with number \(highest), from which nothing can"
                    + " count on; \(StateLoader.advice(names.document))")
        }
        if former < StateDocument.format { try keepCopy(of: state) }
        let change = highest + 1
        var records = state.image.records
        if former < StateDocument.format { state.upgrade(&records) }
        // One change writes them all.
        for index in records.indices { records[index].revision = change }
        state.image = StateImage(records)
        state.last = change
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
