internal import Core
internal import Foundation

/// Some of a log's entries, one after the other, as its collection lists them.
struct LogExcerpt {
    let collection: String
    /// How many come before these.
    let start: Int
    /// The entries, or links to them.
    var members: [JSON]
    /// Where the service says that it goes on.
    var next: String?
    /// How many entries the log has, as far as is known.
    let total: Int
    var isNewestFirst = false

    /// - Parameter total: what is known already.
    init(_ page: RedfishResource, of collection: String, start: Int = 0, total: Int = 0) {
        let content = ResourceCollection(page)
        self.collection = collection
        self.start = start
        members = page.json["Members"]?.array ?? []
        next = content.nextLink
        self.total = max(total, content.total ?? 0, start + members.count)
    }

    /// Those that came with their collection.
    var entries: [LogEntry] { members.filter(\.isWholeResource).map(LogEntry.init) }

    var links: [String] { members.compactMap { ($0["@odata.id"] ?? $0["href"])?.string } }

    /// How many entries there are up to the last of these.
    var end: Int { start + members.count }

    /// Whether entries after these are left out.
    var lacksEnd: Bool { next != nil || end < total }
    var lacksNewer: Bool { !isNewestFirst && lacksEnd }
    var lacksOlder: Bool { isNewestFirst ? lacksEnd : start > 0 }

    /// Whether the oldest of these is wanted, or its date not known; nil for links.
    func reachesBack(to isWanted: (Date) -> Bool) -> Bool? {
        guard let oldest = isNewestFirst ? members.last : members.first, oldest.isWholeResource
        else { return nil }
        return LogEntry(oldest).created.map(isWanted) ?? true
    }

    func begins(like other: LogExcerpt) -> Bool { members.first == other.members.first }
}

extension LogEntry {
    /// Whether the first is newer than the last, as far as their dates tell.
    static func areNewestFirst(_ entries: [LogEntry]) -> Bool {
        guard let first = entries.first?.created, let last = entries.last?.created else {
            return false
        }
        return first > last
    }
}
