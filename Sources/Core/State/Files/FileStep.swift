/// A moment in what a store does to its files: `before rename 2`, `midway write 17`.
package struct FileStep: Sendable, Hashable {
    /// A kind of call.
    package enum Operation: String, Sendable, Hashable, CaseIterable {
        case create, allocate, write, sync, rename, remove
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

    package let point: Point
    package let operation: Operation
    /// Which of the calls of that kind, counted from 1.
    package let number: Int

    package init(_ point: Point, _ operation: Operation, _ number: Int) {
        self.point = point
        self.operation = operation
        self.number = number
    }
}

extension FileStep: LosslessStringConvertible {
    package init?(_ text: String) {
        let words = text.split(separator: " ").map(String.init)
        guard words.count == 3, let point = Point(rawValue: words[0]),
            let operation = Operation(rawValue: words[1]), let number = Int(words[2]), number > 0,
            point != .midway || operation == .write
        else { return nil }
        self.init(point, operation, number)
    }

    package var description: String { "\(point.rawValue) \(operation.rawValue) \(number)" }
}
