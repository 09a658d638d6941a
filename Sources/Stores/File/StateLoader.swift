internal import Core

/// Reads the JSON file and the journal beside it, and lets nothing pass that isn't whole.
struct StateLoader {
    let names: StateNames
    let files: any FileSystem

    /// Reads the state; writes nothing.
    /// - Throws: ``StoreError/unreadable(_:)`` with the file and the place; ``StoreError/failed(_:)``
    ///   if the system refused.
    func load() throws(StoreError) -> LoadedState {
        let document = try readDocument()
        let numbers = try failing { () throws(FileFault) in try names.segments(files) }
        var state = LoadedState(document: document.content, size: document.size)
        state.segments = numbers
        guard let reference = document.content.journal else {
            try checkUnused(numbers, hasDocument: document.size > 0)
            return state
        }
        let segments = try read(numbers, reference)
        for segment in segments { state.contents[segment.number] = segment.content.contentEnd }
        try replay(segments, onto: &state, reference)
        // The file itself was found to be so.
        if state.last > reference.change { try checkUnique(state.image) }
        return state
    }

    // MARK: The JSON file

    private func readDocument() throws(StoreError) -> (content: StateDocument, size: Int) {
        let bytes = try failing { () throws(FileFault) in
            try AtomicFile(names.document, files).read()
        }
        guard let bytes else { return (StateDocument(), 0) }
        return (try StateDocument(parsing: bytes, file: names.document), bytes.count)
    }

    // MARK: The journal

    /// A segment that was in use, with what is valid in it.
    private struct Segment {
        let number: UInt64
        let content: JournalSegment
        let header: JournalHeader
    }

    /// A journal that no JSON file speaks of may only be one that was never used.
    private func checkUnused(_ numbers: [UInt64], hasDocument: Bool) throws(StoreError) {
        for number in numbers {
            let bytes = try readSegment(number)
            let segment = JournalSegment(parsing: bytes, identifier: 0, number: number)
            guard !segment.lines.isEmpty || segment.rest.isDamage else { continue }
            let path = names.segment(number)
            throw .unreadable(
                hasDocument
                    ? "\(path): holds changes of another state than \(names.document): put back the"
                        + " file that it belongs to; without it, the claims in the journal are lost"
                    : "\(names.document): is missing, but \(path) holds changes to it: put the file"
                        + " back; without it, all claims are lost, and their servers run on"
                        + " unaccounted for")
        }
    }

    private func read(
        _ numbers: [UInt64], _ reference: JournalReference
    ) throws(StoreError) -> [Segment] {
        var segments: [Segment] = []
        for number in numbers where number >= reference.segment {
            let content = JournalSegment(
                parsing: try readSegment(number), identifier: reference.identifier, number: number)
            guard let header = content.header else {
                throw damage(number, at: 0, "the first line is damaged")
            }
            guard header.identifier == reference.identifier, header.segment == number else {
                throw damage(number, at: 0, "it belongs to another state than \(names.document)")
            }
            if let before = segments.last, before.header.firstChange > header.firstChange {
                throw damage(number, at: 0, "it begins before the segment that precedes it")
            }
            segments.append(Segment(number: number, content: content, header: header))
        }
        if !reference.isClean, segments.first?.number != reference.segment {
            throw .unreadable(
                "\(names.segment(reference.segment)): is missing, and with it all changes to"
                    + " \(names.document) since change \(reference.change): put it back;"
                    + " \(Self.advice(names.document))")
        }
        return segments
    }

    private func replay(
        _ segments: [Segment], onto state: inout LoadedState, _ reference: JournalReference
    ) throws(StoreError) {
        for (index, segment) in segments.enumerated() {
            // What a later segment begins with was never acknowledged in an earlier one.
            let limit =
                index + 1 < segments.count ? segments[index + 1].header.firstChange - 1 : nil
            if let limit, limit <= state.last { continue }
            guard segment.header.firstChange <= state.last + 1 else {
                throw damage(
                    segment.number, at: 0,
                    "it begins with change \(segment.header.firstChange), but change"
                        + " \(state.last + 1) is in no file")
            }
            let last = state.last
            try apply(
                segment.content.lines.filter { $0.number > last && $0.number <= limit ?? .max },
                of: segment.number, to: &state)
            if let limit {
                guard state.last == limit else {
                    throw damage(
                        segment.number, at: segment.content.end,
                        "change \(state.last + 1) is damaged or missing")
                }
                continue
            }
            try finish(segment, &state)
        }
    }

    private func apply(
        _ lines: [JournalLine], of segment: UInt64, to state: inout LoadedState
    ) throws(StoreError) {
        // So many at a time that what was read and not yet applied takes a few MB at the most.
        for start in stride(from: 0, to: lines.count, by: Self.linesAtATime) {
            let end = min(start + Self.linesAtATime, lines.count)
            let pieces = Parallel.map(start..<end, smallest: 64) { piece in
                lines[piece].map { StateChange(plain: $0.payload) }
            }
            for (line, plain) in zip(lines[start..<end], pieces.joined()) {
                let change =
                    if let plain { plain } else {
                        try StateChange(
                            parsingWhole: line.payload,
                            place: "\(names.segment(segment)): change \(line.number)")
                    }
                try apply(change, of: segment, line, to: &state)
            }
        }
    }

    private static let linesAtATime = 8192

    private func apply(
        _ change: StateChange, of segment: UInt64, _ line: JournalLine, to state: inout LoadedState
    ) throws(StoreError) {
        for put in change.puts {
            let revision = state.image.revision(of: put.record.key)
            guard revision == put.record.revision else {
                throw .unreadable(
                    "\(names.segment(segment)): change \(line.number): \(put.record.key.text) is at"
                        + " revision \(revision) and should be at \(put.record.revision): was"
                        + " \(names.document) edited? \(Self.advice(names.document))")
            }
        }
        for put in change.puts { state.image.set(put.record(at: line.number)) }
        state.sequence = max(state.sequence, line.sequence)
        state.last = line.number
    }

    /// Takes note of how the last segment ends.
    private func finish(_ segment: Segment, _ state: inout LoadedState) throws(StoreError) {
        switch segment.content.rest {
        case .nothing: break
        case .torn(let count):
            state.torn = LoadedState.Torn(
                path: names.segment(segment.number), offset: segment.content.end, count: count)
        case .damaged(let damage):
            throw self.damage(
                segment.number, at: segment.content.end,
                "change \(damage.missing.lowerBound) is damaged, and whole changes follow")
        }
        let durable = max(segment.content.lines.last?.durable ?? 0, state.reference?.change ?? 0)
        state.carried = segment.content.lines.filter { $0.number > durable }.map(\.payload)
    }

    private func readSegment(_ number: UInt64) throws(StoreError) -> [UInt8] {
        try failing { () throws(FileFault) in
            try AtomicFile(names.segment(number), files).read() ?? []
        }
    }

    private func checkUnique(_ image: StateImage) throws(StoreError) {
        var ids = Set<String>(minimumCapacity: image.count)
        for record in image.records {
            guard let id = record.claim?.id, !ids.insert(id).inserted else { continue }
            throw .unreadable(
                "\(names.document): two devices have an instance \(id) after the journal;"
                    + " \(Self.advice(names.document))")
        }
    }

    // MARK: Errors

    private func damage(_ segment: UInt64, at offset: Int, _ text: String) -> StoreError {
        .unreadable(
            "\(names.segment(segment)): at byte \(offset): \(text); \(Self.advice(names.document))")
    }

    /// What to do about a damaged state.
    static func advice(_ path: String) -> String {
        "the state is never replaced: `rackpool state check \(path)` shows the damage, and"
            + " `rackpool state repair \(path)` writes what is left to a new file"
    }

    private func failing<Value>(
        _ body: () throws(FileFault) -> Value
    ) throws(StoreError) -> Value {
        do { return try body() } catch { throw .failed(error.description) }
    }
}

extension JournalSegment.Rest {
    var isDamage: Bool {
        if case .damaged = self { true } else { false }
    }
}
