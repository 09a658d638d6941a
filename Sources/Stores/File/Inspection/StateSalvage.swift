public import Core

/// What is left of a state whose files are damaged.
///
/// Every element of the JSON file and every change of the journal that is whole is taken; a later one
/// of a device replaces an earlier one.
public struct StateSalvage: Sendable {
    /// What is damaged or lost, each with its file and place and, as far as that can be told, with the
    /// instance or device; empty if all is whole.
    public private(set) var findings: [String] = []
    /// What is saved, in no order.
    public var records: [DeviceRecord] { image.records }
    /// How many records were saved.
    public var recordCount: Int { image.count }

    private let names: StateNames
    private let files: any FileSystem
    private var image = StateImage()
    private var sequence: UInt64 = 0
    private var others = StateOthers()
    private var format = StateDocument.format
    private var reference: JournalReference?
    private var last: UInt64 = 0
    private var lastSegment: UInt64 = 0

    /// A lost change may have handed out a number, and a number is never used twice.
    private static let sequenceMargin: UInt64 = 1000

    /// Reads what can be read.
    /// - Throws: ``StoreError/unreadable(_:)`` if the file is none of this release's: another
    ///   program's, or a newer release's, which must be left to that. ``StoreError/failed(_:)`` if the
    ///   system refuses.
    public init(path: String) throws(StoreError) {
        try self.init(path: path, files: SystemFiles())
    }

    init(path: String, files: any FileSystem) throws(StoreError) {
        names = StateNames(document: path)
        self.files = files
        let bytes: [UInt8]?
        do throws(FileFault) {
            bytes = try AtomicFile(names.document, files).read()
        } catch {
            throw .failed(error.description)
        }
        if let bytes, let refusal = StateRecognition(file: path).refusal(of: bytes) {
            throw refusal
        }
        readDocument(bytes)
        do throws(FileFault) {
            try readJournal()
        } catch {
            throw .failed(error.description)
        }
        dropDuplicates()
        noteRefusal()
        if !findings.isEmpty { sequence += Self.sequenceMargin }
    }

    /// Writes what is left as a new JSON file that needs no journal.
    /// - Throws: ``StoreError/failed(_:)``, also if there is such a file.
    public func write(to path: String) throws(StoreError) {
        var state = LoadedState(
            document: StateDocument(
                format: format, sequence: sequence, records: image.records, others: others),
            size: 0)
        if format < StateDocument.format {
            var records = state.image.records
            state.upgrade(&records)
            state.image = StateImage(records)
        }
        let change = image.records.reduce(max(1, last)) { max($0, $1.revision) }
        let snapshot = StateSnapshot(
            image: state.image, sequence: state.sequence,
            journal: JournalReference(
                identifier: StoreSettings().newIdentifier(), change: change,
                segment: lastSegment + 1, isClean: true),
            others: others)
        do {
            let file = try files.open(path, for: .creating)
            defer { file.close() }
            try file.writeAll(snapshot.text, at: 0)
            try file.sync()
            try files.syncFolder(StateNames.folder(of: path))
        } catch {
            throw .failed(error.description)
        }
    }

    // MARK: The JSON file

    private mutating func readDocument(_ bytes: [UInt8]?) {
        guard let bytes else {
            findings.append("\(names.document): is missing")
            return
        }
        do throws(StoreError) {
            take(try StateDocument(parsing: bytes, file: names.document))
        } catch {
            findings.append("\(error)")
            let remains = StateRemains(bytes, file: names.document)
            findings += remains.lost.filter { !findings.contains($0) }
            take(remains.document)
        }
    }

    private mutating func take(_ document: StateDocument) {
        format = document.format
        sequence = document.sequence
        others = document.others
        reference = document.journal
        last = document.journal?.change ?? 0
        for record in document.records { image.set(record) }
    }

    // MARK: The journal

    private mutating func readJournal() throws(FileFault) {
        let numbers = try names.segments(files)
        lastSegment = max(numbers.last ?? 0, reference?.segment ?? 0)
        let first = reference?.segment ?? 0
        var segments: [(path: String, content: JournalSegment, bytes: [UInt8])] = []
        for number in numbers where number >= first {
            let bytes = try AtomicFile(names.segment(number), files).read() ?? []
            let content = JournalSegment(
                parsing: bytes, identifier: reference?.identifier ?? 0, number: number)
            if let header = content.header, let reference,
                header.identifier != reference.identifier || header.segment != number
            {
                findings.append(
                    "\(names.segment(number)): belongs to another state than \(names.document):"
                        + " left out")
                continue
            }
            segments.append((names.segment(number), content, bytes))
        }
        if let reference, !reference.isClean, !numbers.contains(reference.segment) {
            findings.append("\(names.segment(reference.segment)): is missing")
        }
        for (index, segment) in segments.enumerated() {
            let later = segments[(index + 1)...].compactMap(\.content.header?.firstChange).min()
            apply(segment.content, segment.bytes, path: segment.path, before: later ?? .max)
        }
    }

    private mutating func apply(
        _ segment: JournalSegment, _ bytes: [UInt8], path: String, before limit: UInt64
    ) {
        if segment.header == nil {
            findings.append("\(path): at byte 0: the first line is damaged")
        }
        var lines = segment.lines
        // What a later segment begins with was never acknowledged here.
        if case .damaged(let damage) = segment.rest,
            limit == .max || last + 1 < limit && damage.missing.lowerBound < limit
        {
            findings.append(
                "\(path): at byte \(segment.end): change \(damage.missing) is damaged"
                    + Self.subject(of: bytes, at: segment.end))
            lines += damage.whole
        }
        for line in lines.sorted(by: { $0.number < $1.number })
        where line.number > last && line.number < limit {
            if line.number > last + 1 {
                findings.append("\(path): changes \(last + 1) to \(line.number - 1) are lost")
            }
            last = line.number
            sequence = max(sequence, line.sequence)
            do throws(StoreError) {
                let change = try StateChange(
                    parsing: line.payload, place: "\(path): change \(line.number)")
                for put in change.puts { image.set(put.record(at: line.number)) }
            } catch {
                findings.append("\(error)")
            }
        }
        if limit != .max, last + 1 < limit {
            findings.append("\(path): changes \(last + 1) to \(limit - 1) are lost")
            last = limit - 1
        }
    }

    /// Whom a damaged line is about, as far as its bytes tell.
    private static func subject(of bytes: [UInt8], at place: Int) -> String {
        let line = Array(bytes[min(place, bytes.count)...].prefix { $0 != UInt8(ascii: "\n") })
        let names = [
            StateText.string("Device", in: line).map { "device \($0)" },
            StateText.string("ID", in: line).map { "instance \($0)" },
        ].compactMap(\.self)
        guard !names.isEmpty else { return "" }
        return ", of \(names.joined(separator: ", ")): what is saved of it is older"
    }

    // What is whole line by line may still not fit together, as after an edit of the JSON file.
    private mutating func noteRefusal() {
        guard findings.isEmpty else { return }
        do throws(StoreError) {
            _ = try StateLoader(names: names, files: files).load()
        } catch {
            findings.append("\(error)")
        }
    }

    // A device whose release is lost may seem to have an instance that lives elsewhere by now.
    private mutating func dropDuplicates() {
        var ids: Set<String> = []
        for var record in Array(image.records).sorted(by: { $0.revision > $1.revision }) {
            guard let id = record.claim?.id, !ids.insert(id).inserted else { continue }
            findings.append(
                "\(names.document): \(record.key.text): instance \(id) stands elsewhere, too, in a later"
                    + " change: that one is saved")
            record.claim = nil
            image.set(record)
        }
    }
}
