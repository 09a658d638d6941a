/// The results of a body for each item, in the items' order, with at most `limit` bodies running at
/// one time.
/// - Parameter progress: gets how many are done, after each.
func boundedMap<Item: Sendable, Result: Sendable>(
    _ items: [Item], limit: Int, _ body: @escaping @Sendable (Item) async -> Result,
    progress: (Int) -> Void
) async -> [Result] {
    var results: [Int: Result] = [:]
    await withTaskGroup(of: (Int, Result).self) { group in
        var rest = items.enumerated().makeIterator()
        for _ in 0..<min(limit, items.count) {
            guard let (index, item) = rest.next() else { break }
            group.addTask { (index, await body(item)) }
        }
        while let (index, result) = await group.next() {
            results[index] = result
            progress(results.count)
            if let (index, item) = rest.next() {
                group.addTask { (index, await body(item)) }
            }
        }
    }
    return items.indices.compactMap { results[$0] }
}
