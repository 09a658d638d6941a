internal import Core
internal import Dispatch
internal import Foundation
internal import Locking

/// Work that is shared among the processors while the caller waits.
enum Parallel {
    /// Cuts a range into pieces, several for each processor, and does something with each.
    /// - Parameter smallest: how long a piece is at least.
    /// - Returns: the outcomes, in the order of the pieces.
    static func map<Value: Sendable>(
        _ range: Range<Int>, smallest: Int, _ body: @escaping @Sendable (Range<Int>) -> Value
    ) -> [Value] {
        let wanted = 4 * ProcessInfo.processInfo.activeProcessorCount
        let size = max(smallest, (range.count + wanted - 1) / wanted)
        let pieces = stride(from: range.lowerBound, to: range.upperBound, by: size).map { start in
            start..<min(start + size, range.upperBound)
        }
        guard pieces.count > 1 else { return pieces.map(body) }
        let values = Mutex<[Value?]>(Array(repeating: nil, count: pieces.count))
        DispatchQueue.concurrentPerform(iterations: pieces.count) { index in
            let value = body(pieces[index])
            values.withLock { $0[index] = value }
        }
        return values.withLock { $0 }.compactMap(\.self)
    }
}
