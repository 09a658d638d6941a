internal import Core
internal import Foundation

/// Appends changes to the journal, each batch with one sync.
///
/// A batch that fails is not tried again in the same place: after a failed sync the kernel takes the
/// pages for clean, so that a second sync proves nothing. The next batch goes to a fresh segment,
/// whose first line says that what follows the last durable change is not valid in the old one.
struct JournalWriter: Sendable {
    private enum State {
        case ready(Segment)
        /// A fresh segment is needed first, with these changes in it. The one before stays open, and
        /// locked, until then.
        case broken(carried: [ArraySlice<UInt8>], before: Segment?)
    }

    private struct Segment {
        let number: UInt64
        let file: any OpenFile
        /// Where the next line goes.
        var position: Int
        /// Up to where the disk keeps space.
        var allocated: Int
    }

    private let names: StateNames
    private let files: any FileSystem
    private let settings: StoreSettings
    private let identifier: UInt64
    private var state: State

    /// The number of the last change that is durable.
    private(set) var last: UInt64
    /// The number that the next segment gets. None is used twice, for a removed file may be back
    /// after a power cut.
    private(set) var nextSegment: UInt64
    /// How many bytes of changes were written since the last ``restartCount()``.
    private(set) var written = 0
    /// What an earlier process left behind, until there is a segment of ours.
    private var leftovers: JournalLeftovers?

    /// - Parameters:
    ///   - last: the number of the last change that is known to be on disk.
    ///   - carried: payloads of the changes after that, which must be written again.
    init(
        names: StateNames, files: any FileSystem, settings: StoreSettings, identifier: UInt64,
        last: UInt64, carried: [ArraySlice<UInt8>], nextSegment: UInt64,
        leftovers: JournalLeftovers
    ) {
        self.names = names
        self.files = files
        self.settings = settings
        self.identifier = identifier
        self.last = last
        self.nextSegment = nextSegment
        self.leftovers = leftovers
        state = .broken(carried: carried, before: nil)
    }

    /// Whether there is a segment to append to.
    var isReady: Bool {
        if case .ready = state { true } else { false }
    }

    /// Makes sure that there is a segment to append to.
    mutating func prepare(sequence: UInt64) throws(FileFault) {
        if case .broken = state { try rotate(sequence: sequence) }
    }

    /// Makes sure that so many bytes have space on the disk, and the reserve besides.
    mutating func allocate(_ count: Int) throws(FileFault) {
        guard case .ready(var segment) = state else { return }
        let end = segment.position + count
        guard end > segment.allocated - settings.reserve else { return }
        let size = end + settings.reserve + settings.chunk
        try segment.file.allocate(size)
        segment.allocated = size
        state = .ready(segment)
    }

    /// How much can be written without taking more of the disk.
    var space: Int {
        if case .ready(let segment) = state { segment.allocated - segment.position } else { 0 }
    }

    /// How long changes with such payloads are in the journal, at the most.
    static func size(of payloads: [[UInt8]]) -> Int {
        payloads.reduce(0) { $0 + $1.count + 96 }
    }

    /// Appends changes and syncs them. After an error none of them counts.
    mutating func append(_ payloads: [[UInt8]], sequence: UInt64) throws(FileFault) {
        guard case .ready(var segment) = state else {
            throw FileFault(operation: "write", path: names.newSegment, code: EBADF)
        }
        let bytes = encode(payloads.map { $0[...] }, segment: segment.number, sequence: sequence)
        do {
            try segment.file.writeAll(bytes, at: segment.position)
            try segment.file.sync()
        } catch {
            state = .broken(carried: [], before: segment)
            throw error
        }
        segment.position += bytes.count
        last += UInt64(payloads.count)
        written += bytes.count
        state = .ready(segment)
    }

    /// Goes on in a fresh segment, the one before ``nextSegment``.
    ///
    /// The segment gets its name when it is whole, with what is carried into it: its first line makes
    /// that invalid elsewhere. After an error the old segment is still in use if the fresh one can't
    /// come to light after a crash; otherwise another fresh one is needed.
    mutating func rotate(sequence: UInt64) throws(FileFault) {
        var carried: [ArraySlice<UInt8>] = []
        let before: Segment?
        switch state {
        case .ready(let segment): before = segment
        case .broken(let changes, let segment):
            carried = changes
            before = segment
        }
        let number = nextSegment
        let header = JournalHeader(identifier: identifier, segment: number, firstChange: last + 1)
        let bytes =
            header.encoded + encode(carried, segment: number, sequence: sequence)
        let (file, allocated) = try makeSegment(bytes)
        nextSegment += 1
        state = .broken(carried: carried, before: before)
        do {
            try files.rename(names.newSegment, to: names.segment(number))
            try files.syncFolder(names.folder)
        } catch {
            file.close()
            throw error
        }
        before?.file.close()
        leftovers = nil
        last += UInt64(carried.count)
        state = .ready(
            Segment(number: number, file: file, position: bytes.count, allocated: allocated))
    }

    /// Makes a segment that has no name yet, with as much space ahead as there is.
    private mutating func makeSegment(
        _ bytes: [UInt8]
    ) throws(FileFault) -> (file: any OpenFile, allocated: Int) {
        let wanted = settings.chunk + settings.reserve
        do {
            return try makeSegment(bytes, ahead: wanted)
        } catch {
            // What still has a segment goes on in it.
            guard error.isDiskFull, case .broken(_, let before) = state else { throw error }
            leftovers?.giveBack()
            if let before {
                do { try before.file.truncate(before.position) } catch {}
            }
        }
        var ahead = wanted
        while true {
            do {
                return try makeSegment(bytes, ahead: ahead)
            } catch {
                guard error.isDiskFull, ahead > 0 else { throw error }
                // Down to what a few ends of claims take, and then to nothing.
                ahead = ahead > Self.smallestAhead ? ahead / 2 : 0
            }
        }
    }

    private static let smallestAhead = 8 << 10

    private func makeSegment(
        _ bytes: [UInt8], ahead: Int
    ) throws(FileFault) -> (file: any OpenFile, allocated: Int) {
        let allocated = bytes.count + ahead
        let file = try files.open(names.newSegment, for: .replacing)
        do {
            // Keeps out a daemon that the lock's file doesn't keep out, for it was removed.
            try file.lock()
            try file.allocate(allocated)
            try file.writeAll(bytes, at: 0)
            try file.sync()
        } catch {
            file.close()
            // What is left of it would take space from a full disk.
            do { try files.remove(names.newSegment) } catch {}
            throw error
        }
        return (file, allocated)
    }

    /// Begins to count what is written anew.
    mutating func restartCount() {
        written = 0
    }

    func close() {
        switch state {
        case .ready(let segment): segment.file.close()
        case .broken(_, let before): before?.file.close()
        }
    }

    private func encode(
        _ payloads: [ArraySlice<UInt8>], segment: UInt64, sequence: UInt64
    ) -> [UInt8] {
        let seed = JournalHeader.seed(identifier: identifier, segment: segment)
        var bytes: [UInt8] = []
        for (index, payload) in payloads.enumerated() {
            JournalLine(
                number: last + 1 + UInt64(index), durable: last, sequence: sequence,
                payload: payload
            ).encode(into: &bytes, seed: seed)
        }
        return bytes
    }
}
