internal import Core

/// A moment in what a daemon does to its files: `before rename new-document 2`, `midway write segment
/// 17`.
package struct FileStep: Sendable, Hashable {
    /// A kind of call.
    package enum Operation: String, Sendable, Hashable, CaseIterable {
        case create, allocate, write, sync, rename, remove, lock
        /// Whether a name is still that of the file that was opened by it.
        case check
        case makeFolder = "make-folder"
        case syncFolder = "sync-folder"
    }

    package enum Point: String, Sendable, Hashable, CaseIterable {
        /// Nothing of the call was done.
        case before
        /// Half of the bytes were written. Calls that do one thing have no such moment.
        case midway
        /// All was done, and nobody knows yet.
        case after
    }

    /// A moment in all calls of one kind on one kind of file: `before rename new-document`.
    package struct Kind: Sendable, Hashable {
        package let point: Point
        package let operation: Operation
        /// The file; for a rename what it was called before, and where a folder is synced the file
        /// that came into it.
        package let file: FileKind

        package init(_ point: Point, _ operation: Operation, _ file: FileKind) {
            self.point = point
            self.operation = operation
            self.file = file
        }
    }

    package let kind: Kind
    /// Which of the calls of that kind, counted from 1.
    package let number: Int

    package init(_ kind: Kind, _ number: Int) {
        self.kind = kind
        self.number = number
    }
}

extension FileStep.Kind: CaseIterable {
    /// All that there are in a life in which no call fails. What is removed after a call that failed
    /// is none of them: that takes a disk that fails, and not one that is left alone.
    package static var allCases: [FileStep.Kind] {
        let written: [FileKind] = [
            .newSegment, .segment, .newDocument, .newHistory, .history, .lock, .newCopy,
        ]
        let files: [(FileStep.Operation, [FileKind])] = [
            (.makeFolder, [.folder]), (.create, written.filter { $0 != .segment }),
            (.lock, [.lock, .newSegment, .segment]), (.check, [.lock]),
            (.allocate, [.newSegment, .segment]), (.write, written),
            (.sync, written.filter { $0 != .lock }),
            (.rename, [.newSegment, .newDocument, .newHistory, .newCopy]),
            (.syncFolder, [.folder, .segment, .document, .history, .copy]),
            (.remove, [.segment]),
        ]
        return files.flatMap { operation, files in
            files.flatMap { file in
                FileStep.Point.allCases.compactMap { point in
                    point == .midway && operation != .write ? nil : .init(point, operation, file)
                }
            }
        }
    }
}

extension FileStep.Kind: LosslessStringConvertible {
    package init?(_ text: String) {
        let words = text.split(separator: " ").map(String.init)
        guard words.count == 3, let point = FileStep.Point(rawValue: words[0]),
            let operation = FileStep.Operation(rawValue: words[1]),
            let file = FileKind(rawValue: words[2]), point != .midway || operation == .write
        else { return nil }
        self.init(point, operation, file)
    }

    package var description: String { "\(point.rawValue) \(operation.rawValue) \(file.rawValue)" }
}

extension FileStep: LosslessStringConvertible {
    package init?(_ text: String) {
        guard let space = text.lastIndex(of: " "), let kind = Kind(String(text[..<space])),
            let number = Int(text[text.index(after: space)...]), number > 0
        else { return nil }
        self.init(kind, number)
    }

    package var description: String { "\(kind) \(number)" }
}
