internal import Core

/// A state at one moment, to be written as a JSON file.
struct StateSnapshot: Sendable {
    var image: StateImage
    var sequence: UInt64
    var journal: JournalReference
    var others: StateOthers
    /// Whether it is encoded on all processors, for somebody waits.
    var isUrgent = false

    /// How many entries are encoded at a time: some MB at the most.
    private static let linesAtATime = 1024

    /// Hands over the file's text, piece by piece, so that it never is in memory as a whole.
    /// - Returns: the text's length in bytes.
    @discardableResult
    func encode<Failure>(
        _ write: (_ piece: [UInt8]) throws(Failure) -> Void
    ) throws(Failure) -> Int {
        var size = 0
        var piece = StateDocument.head(
            sequence: sequence, journal: journal, marks: marks, others: others)
        let lines = self.lines
        for (title, isDescribed, end) in [
            (#""Instances":["#, true, "],\n"), (#""NonFunctional":["#, false, "]}\n"),
        ] {
            piece += Array(title.utf8)
            let lines = lines.filter { $0.isDescribed == isDescribed }
            for start in stride(from: 0, to: lines.count, by: Self.linesAtATime) {
                let range = start..<min(start + Self.linesAtATime, lines.count)
                for text in Parallel.map(
                    range, smallest: isUrgent ? 64 : range.count,
                    {
                        text(of: lines[$0])
                    })
                {
                    piece += text
                }
                try write(piece)
                size += piece.count
                piece.removeAll(keepingCapacity: true)
            }
            piece += Array(((lines.isEmpty ? "" : "\n") + end).utf8)
        }
        try write(piece)
        return size + piece.count
    }

    private func text(of lines: ArraySlice<Line>) -> [UInt8] {
        var writer = PlainWriter()
        for (index, line) in zip(lines.indices, lines) {
            guard let record = image[line.key], let claim = record.claim else { continue }
            writer.raw(index == 0 ? "\n" : ",\n")
            writer.put(claim, of: record, isStored: true)
        }
        return writer.bytes
    }

    /// The whole text.
    var text: [UInt8] {
        var text: [UInt8] = []
        encode { (piece: [UInt8]) throws(Never) in text += piece }
        return text
    }

    private var marks: [(name: String, mark: JSON)] {
        image.compactMap { record in
            record.key.deviceName.flatMap { name in
                StateDocument.mark(of: record, isStored: true).map { (name: name, mark: $0) }
            }
        }.sorted { $0.name < $1.name }
    }

    private struct Line: Sendable {
        let order: Int64
        let id: String
        let isDescribed: Bool
        let key: RecordKey
    }

    private var lines: [Line] {
        image.compactMap { record in
            record.claim.map { claim in
                Line(
                    order: claim.order, id: claim.id, isDescribed: claim.state.isDescribed,
                    key: record.key)
            }
        }.sorted { ($0.order, $0.id) < ($1.order, $1.id) }
    }
}
