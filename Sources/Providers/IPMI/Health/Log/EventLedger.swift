internal import Core
internal import Foundation
internal import IPMIWire

/// The states that began by the event log and did not end by it.
struct EventLedger: Sendable {
    struct Entry: Sendable {
        var event: SystemEvent
        /// When it began; the least that it can be where that is not known. Nil if nothing is.
        var date: Date?
        /// How often it began.
        var times = 1
    }

    /// More are not kept: the oldest goes.
    private static let limit = 64

    /// What is kept: states as bad as this.
    let worth: Health
    /// The oldest first.
    private(set) var entries: [Entry] = []
    private var latest: Date?

    init(worth: Health) {
        self.worth = worth
    }

    /// Takes the next event of the log.
    /// - Parameter earliest: when it was not there yet, for one whose own date says nothing.
    mutating func enter(_ record: SELRecord, _ dates: EventDates, earliest: Date? = nil) {
        if let date = record.time.flatMap(dates.date) {
            latest = date
        } else if let earliest {
            latest = max(latest ?? earliest, earliest)
        }
        guard case .event(let event) = record.body else { return }
        entries.removeAll { EventKey($0.event).isEnded(by: event) }
        guard !event.isDeassertion,
            let meaning = EventCatalogue.meaning(of: event), meaning.health >= worth
        else { return }
        let key = EventKey(event)
        var entry = Entry(event: event, date: latest)
        if let same = entries.firstIndex(where: { EventKey($0.event) == key }) {
            entry.times += entries.remove(at: same).times
        } else if entries.count >= Self.limit {
            entries.removeFirst()
        }
        entries.append(entry)
    }

    /// Takes back what its sensor does not show any more.
    mutating func removeAll(_ isOver: (SystemEvent) -> Bool) {
        entries.removeAll { isOver($0.event) }
    }

    /// What began since `date`, the newest first.
    func entries(since date: Date) -> [Entry] {
        entries.filter { $0.date.map { $0 >= date } ?? false }.reversed()
    }

    /// Those that are of a time that nobody knows.
    var undated: [Entry] { entries.filter { $0.date == nil } }
}

extension EventLedger.Entry {
    func finding(_ table: SensorTable) -> HealthReport.Finding {
        let health = EventCatalogue.meaning(of: event)?.health ?? .warning
        let when = date.map { ", \($0.timestamp)" } ?? ""
        let often = times > 1 ? " (\(times) times)" : ""
        return HealthReport.Finding(
            health, table.name(of: event),
            cause: EventText(table: table).meaning(event) + often + when, isEvent: true,
            source: "event log")
    }
}
