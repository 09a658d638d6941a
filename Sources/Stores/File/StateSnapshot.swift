internal import Core

/// A state at one moment, to be written as a JSON file.
struct StateSnapshot: Sendable {
    var image: StateImage
    var sequence: UInt64
    var journal: JournalReference
    var others: JSONObject

    /// How much is handed over at a time.
    private static let pieceSize = 1 << 18

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
        for (title, isNonFunctional, end) in [
            (#""Instances":["#, false, "],\n"), (#""NonFunctional":["#, true, "]}\n"),
        ] {
            piece += Array(title.utf8)
            var isFirst = true
            for line in lines where line.isNonFunctional == isNonFunctional {
                guard let record = image[line.key], let claim = record.claim else { continue }
                piece += Array((isFirst ? "\n" : ",\n").utf8)
                isFirst = false
                StateDocument.entry(of: claim, record: record).encode(into: &piece)
                if piece.count >= Self.pieceSize {
                    try write(piece)
                    size += piece.count
                    piece.removeAll(keepingCapacity: true)
                }
            }
            piece += Array(((isFirst ? "" : "\n") + end).utf8)
        }
        try write(piece)
        return size + piece.count
    }

    /// The whole text.
    var text: [UInt8] {
        var text: [UInt8] = []
        encode { (piece: [UInt8]) throws(Never) in text += piece }
        return text
    }

    private var marks: [(name: String, mark: JSON)] {
        image.records.compactMap { record in
            record.key.deviceName.flatMap { name in
                StateDocument.mark(of: record).map { (name: name, mark: $0) }
            }
        }.sorted { $0.name < $1.name }
    }

    private struct Line {
        let order: Int64
        let id: String
        let isNonFunctional: Bool
        let key: RecordKey
    }

    private var lines: [Line] {
        image.records.compactMap { record in
            record.claim.map { claim in
                Line(
                    order: claim.order, id: claim.id, isNonFunctional: claim.isNonFunctional,
                    key: record.key)
            }
        }.sorted { ($0.order, $0.id) < ($1.order, $1.id) }
    }
}
