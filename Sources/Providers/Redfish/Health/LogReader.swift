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
        let total = first.json.positiveInteger("Members@odata.count") ?? members.count
        guard let next = ResourceCollection(first).nextLink, total > members.count else {
            return try await entries(members)
        }
        if isNewestFirst(members) == true { return try await entries(members) }
        return try await entries(
            lastMembers(of: collection, members, next: next, total: total))
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
        of collection: String, _ first: [JSON], next: String, total: Int
    ) async throws(RedfishFailure) -> [JSON] {
        let skipped = max(0, total - Self.limit)
        var last: RedfishResource?
        if takesTopAndSkip {
            last = try await reader.attempt("\(collection)?$skip=\(skipped)&$top=\(Self.limit)")
        } else if let link = next.skipping(skipped) {
            // The service's own way of paging, further on.
            last = try await reader.attempt(link)
        }
        if let members = last?.json["Members"]?.array, !members.isEmpty { return members }
        var members = first
        var link: String? = next
        var pages = 1
        while let page = link, pages < Self.maximumPages,
            let resource = try await reader.resource(page)
        {
            members += resource.json["Members"]?.array ?? []
            link = ResourceCollection(resource).nextLink
            pages += 1
        }
        if link != nil {
            reader.skip(
                collection, why: "of its \(total) entries just the first \(members.count) were read"
            )
        }
        return members
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
