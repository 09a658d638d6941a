internal import Core
internal import Foundation

/// Reads the newest entries of a log, however long it is and however it is ordered.
struct LogReader {
    let reader: ResourceReader
    /// Whether the service takes `$top` and `$skip`.
    let takesTopAndSkip: Bool

    /// How many entries are read where they come with their collection, and where each takes a
    /// request.
    static let limit = 50
    private static let singleLimit = 20
    private static let maximumPages = 5

    /// The newest entries, in no order.
    func newestEntries(of collection: String) async throws(RedfishFailure) -> [LogEntry] {
        guard let first = try await firstPage(of: collection) else { return [] }
        let members = first.json["Members"]?.array ?? []
        let page = ResourceCollection(first)
        let total = page.total ?? members.count
        guard page.nextLink != nil || total > members.count else {
            return try await entries(members)
        }
        if isNewestFirst(members) == true { return try await entries(members) }
        return try await entries(
            lastMembers(of: collection, members, next: page.nextLink, total: total))
    }

    private func firstPage(
        of collection: String
    ) async throws(RedfishFailure) -> RedfishResource? {
        if takesTopAndSkip,
            let page = try await reader.attempt("\(collection)?$top=\(Self.limit)")
        {
            return page
        }
        return try await reader.resource(collection)
    }

    /// The end of a log whose first page does not hold the newest.
    private func lastMembers(
        of collection: String, _ first: [JSON], next: String?, total: Int
    ) async throws(RedfishFailure) -> [JSON] {
        let skipped = max(0, total - Self.limit)
        if total > first.count, let way = way(to: skipped, of: collection, next: next),
            let members = try await reader.attempt(way)?.json["Members"]?.array,
            !members.isEmpty, members.first != first.first
        {
            return members
        }
        var members = first
        var link = next
        var seen: Set<String> = []
        while let page = link, seen.insert(page).inserted, seen.count < Self.maximumPages,
            let resource = try await reader.resource(page)
        {
            members += resource.json["Members"]?.array ?? []
            link = ResourceCollection(resource).nextLink
        }
        if members.count < total || link.map(seen.contains) == false {
            reader.skip(
                collection,
                why: total > members.count
                    ? "of its \(total) entries just \(members.count) were read"
                    : "just its first \(members.count) entries were read",
                mayHideFaults: true)
        }
        return members
    }

    /// Where the entries after `skipped` ones are: by the standard's parameters where the service
    /// says that it takes them or shows no way of its own, else by its own, further on.
    private func way(to skipped: Int, of collection: String, next: String?) -> String? {
        if !takesTopAndSkip, let next { return next.skipping(skipped) }
        return collection.contains("?")
            ? nil
            : "\(collection)?$skip=\(skipped)" + (takesTopAndSkip ? "&$top=\(Self.limit)" : "")
    }

    private func entries(_ members: [JSON]) async throws(RedfishFailure) -> [LogEntry] {
        let whole = members.filter(\.isWholeResource)
        guard whole.isEmpty else { return whole.map(LogEntry.init) }
        // Links only. The order is learnt from both ends.
        let links = members.compactMap { ($0["@odata.id"] ?? $0["href"])?.string }
        guard links.count > Self.singleLimit, let first = links.first, let last = links.last else {
            return try await single(links)
        }
        let ends = try await single([first, last])
        let isNewestFirst =
            ends.count == 2 && (ends[0].created ?? .distantPast) > (ends[1].created ?? .distantPast)
        let chosen = isNewestFirst ? links.prefix(Self.singleLimit) : links.suffix(Self.singleLimit)
        return try await single(Array(chosen))
    }

    private func single(_ links: [String]) async throws(RedfishFailure) -> [LogEntry] {
        var entries: [LogEntry] = []
        for link in links {
            if let entry = try await reader.resource(link) { entries.append(LogEntry(entry.json)) }
        }
        return entries
    }

    /// Nil if it can't be told.
    private func isNewestFirst(_ members: [JSON]) -> Bool? {
        guard let first = members.first.map(LogEntry.init)?.created,
            let last = members.last.map(LogEntry.init)?.created, first != last
        else { return nil }
        return first > last
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
