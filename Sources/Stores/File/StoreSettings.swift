internal import Core
internal import Dispatch

/// Sizes that a store keeps to, in bytes, and where it folds.
package struct StoreSettings: Sendable {
    /// How much of the disk is taken ahead at a time for the journal.
    package var chunk = 1 << 20
    /// What of that is kept for the ends of claims when the disk is full: a destroy takes about 1.5
    /// KB.
    package var reserve = 1 << 20
    /// The journal is folded into the JSON file when it is larger than that file, but not before it
    /// has this size.
    package var foldAfter = 4 << 20
    /// After so many segments it is folded as well: a sync that fails begins a new one each time.
    var maximumSegments: UInt64 = 8
    /// Where the file is written while changes go on; nil if they wait meanwhile.
    var folding: DispatchQueue? = DispatchQueue(label: "rackpool.state.folding", qos: .utility)
    /// The identifier of a journal that is begun.
    var newIdentifier: @Sendable () -> UInt64 = { UInt64.random(in: 1 ... .max) }

    package init() {}
}
