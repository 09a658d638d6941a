internal import Core
internal import Foundation

/// Reads the newest entries of a log, however long it is and however it is ordered.
struct LogReader {
    let reader: ResourceReader
    /// Whether the service takes `$top` and `$skip`.
    let takesTopAndSkip: Bool

    /// How many entries are read where they come with their collection; the second where the oldest
    /// of the first is recent.
    private static let sizes = [50, 500]
    private static let maximumPages = 10
    /// How many are read where each takes a request, and while they are recent.
    private static let singleLimits = (usual: 20, most: 50)

    /// The newest entries, in no order. It is noted if others are left out that may be wanted.
    /// - Parameter isWanted: whether an entry of that date is.
    func newestEntries(
        of collection: String, isWanted: (Date) -> Bool
    ) async throws(RedfishFailure) -> [LogEntry] {
        guard let page = try await firstPage(of: collection) else { return [] }
        var first = LogExcerpt(page, of: collection)
        first.isNewestFirst = try await isNewestFirst(first)
        var excerpt = first
        for size in Self.sizes where first.lacksEnd {
            excerpt = try await newest(size, of: first, isWanted)
            guard excerpt.lacksOlder, excerpt.reachesBack(to: isWanted) == true else { break }
        }
        return try await entries(of: excerpt, isWanted)
    }

    private func firstPage(
        of collection: String
    ) async throws(RedfishFailure) -> RedfishResource? {
        if takesTopAndSkip,
            let page = try await reader.attempt("\(collection)?$top=\(Self.sizes[0])")
        {
            return page
        }
        return try await reader.resource(collection)
    }

    /// Of links alone it is learnt from both ends.
    private func isNewestFirst(_ excerpt: LogExcerpt) async throws(RedfishFailure) -> Bool {
        if !excerpt.entries.isEmpty { return LogEntry.areNewestFirst(excerpt.entries) }
        let links = excerpt.links
        guard excerpt.lacksEnd || links.count > Self.singleLimits.usual, links.count > 1 else {
            return false
        }
        var ends: [LogEntry] = []
        for link in [links[0], links[links.count - 1]] {
            if let entry = try await reader.resource(link) { ends.append(LogEntry(entry.json)) }
        }
        return ends.count == 2 && LogEntry.areNewestFirst(ends)
    }

    // MARK: Pages

    /// About so many of the newest entries.
    private func newest(
        _ size: Int, of first: LogExcerpt, _ isWanted: (Date) -> Bool
    ) async throws(RedfishFailure) -> LogExcerpt {
        // As many as the pages may hold.
        let size = min(size, max(1, first.members.count) * Self.maximumPages)
        var excerpt = first
        if !first.isNewestFirst, first.total - size > first.members.count,
            let end = try await jump(to: first.total - size, from: first)
        {
            excerpt = end
        }
        var seen: Set<String> = []
        for _ in 0..<Self.maximumPages where excerpt.lacksEnd {
            let isEnough =
                excerpt.members.count >= size || excerpt.reachesBack(to: isWanted) == false
            if excerpt.isNewestFirst, isEnough { break }
            guard try await append(to: &excerpt, &seen) else { break }
        }
        return excerpt
    }

    /// The page that begins after `start` entries; nil if there is no way to it.
    private func jump(
        to start: Int, from first: LogExcerpt
    ) async throws(RedfishFailure) -> LogExcerpt? {
        guard let link = way(to: start, of: first.collection, next: first.next),
            let page = try await reader.attempt(link)
        else { return nil }
        let excerpt = LogExcerpt(page, of: first.collection, start: start, total: first.total)
        return excerpt.members.isEmpty || excerpt.begins(like: first) ? nil : excerpt
    }

    /// Reads on; false if nothing more came.
    private func append(
        to excerpt: inout LogExcerpt, _ seen: inout Set<String>
    ) async throws(RedfishFailure) -> Bool {
        let page: RedfishResource?
        if let next = excerpt.next {
            guard seen.insert(next).inserted else { return false }
            page = try await reader.resource(next)
            // Why not was noted.
            if page == nil { excerpt.next = nil }
        } else if let link = way(to: excerpt.end, of: excerpt.collection, next: nil) {
            page = try await reader.attempt(link)
        } else {
            page = nil
        }
        guard let page else { return false }
        let more = LogExcerpt(page, of: excerpt.collection)
        // What is not understood brings the same again.
        guard !more.members.isEmpty, !more.begins(like: excerpt) else { return false }
        excerpt.members += more.members
        excerpt.next = more.next
        return true
    }

    /// Where the entries after `skipped` ones are: by the standard's parameters where the service
    /// says that it takes them or shows no way of its own, else by its own, further on.
    private func way(to skipped: Int, of collection: String, next: String?) -> String? {
        if !takesTopAndSkip, let next { return next.skipping(skipped) }
        return collection.contains("?")
            ? nil
            : "\(collection)?$skip=\(skipped)" + (takesTopAndSkip ? "&$top=\(Self.sizes[0])" : "")
    }

    // MARK: Entries

    private func entries(
        of excerpt: LogExcerpt, _ isWanted: (Date) -> Bool
    ) async throws(RedfishFailure) -> [LogEntry] {
        let entries = excerpt.entries
        guard !entries.isEmpty else { return try await single(excerpt, isWanted) }
        let lacksOlder = excerpt.lacksOlder && excerpt.reachesBack(to: isWanted) == true
        if entries.count < excerpt.members.count || excerpt.lacksNewer || lacksOlder {
            note(excerpt, read: entries.count)
        }
        return entries
    }

    /// Links only: the newest, one by one.
    private func single(
        _ excerpt: LogExcerpt, _ isWanted: (Date) -> Bool
    ) async throws(RedfishFailure) -> [LogEntry] {
        var entries: [LogEntry] = []
        var count = 0
        let links = excerpt.isNewestFirst ? excerpt.links : excerpt.links.reversed()
        func isRecent(_ entries: [LogEntry]) -> Bool { entries.last?.created.map(isWanted) ?? true }
        for link in links.prefix(Self.singleLimits.most) {
            if count >= Self.singleLimits.usual, !isRecent(entries) { break }
            count += 1
            if let entry = try await reader.resource(link) { entries.append(LogEntry(entry.json)) }
        }
        let lacksOlder = (count < links.count || excerpt.lacksOlder) && isRecent(entries)
        if links.count < excerpt.members.count || excerpt.lacksNewer || lacksOlder {
            note(excerpt, read: count)
        }
        return entries
    }

    private func note(_ excerpt: LogExcerpt, read count: Int) {
        reader.skip(
            excerpt.collection,
            why: excerpt.total > count
                ? "of its \(excerpt.total) entries just \(count) were read"
                : "just its first \(count) entries were read",
            mayHideFaults: true)
    }
}

extension String {
    /// The link to a page with another `$skip`; nil if it has none.
    fileprivate func skipping(_ count: Int) -> String? {
        guard let start = range(of: "skip=") else { return nil }
        let rest = self[start.upperBound...].drop { $0.isNumber }
        guard rest.startIndex > start.upperBound else { return nil }
        return self[..<start.upperBound] + "\(count)" + rest
    }
}
