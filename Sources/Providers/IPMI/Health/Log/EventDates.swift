internal import Core
internal import Foundation
internal import IPMIWire

/// When events of a log were, by our clock, whatever the BMC takes the time to be.
struct EventDates: Sendable {
    /// What the BMC takes the time to be; nil if it does not say.
    let bmc: IPMITimestamp?
    let now: Date

    /// A clock that is further off is worth telling.
    private static let tolerance: TimeInterval = 24 * 3600

    /// The date of an event; nil if it can't be told, because the clock was set, or the BMC started,
    /// since then.
    func date(_ time: IPMITimestamp) -> Date? {
        guard time != .unspecified else { return nil }
        guard let bmc, bmc != .unspecified else {
            return time.isDate ? Self.date(time.rawValue) : nil
        }
        guard time.isDate == bmc.isDate else { return nil }
        let age = Double(bmc.rawValue) - Double(time.rawValue)
        // What is to come was dated by another clock.
        return age > -3600 ? now.addingTimeInterval(-max(0, age)) : nil
    }

    /// The date of an entry for a person.
    func text(of record: SELRecord) -> String {
        guard let time = record.time, let date = date(time) else { return "(no date)" }
        return date.timestamp
    }

    /// Why the clock should be set; nil if it is right or there is none.
    var complaint: String? {
        guard let bmc, bmc != .unspecified else { return nil }
        guard bmc.isDate else { return "the BMC's clock was not set since it started" }
        let date = Self.date(bmc.rawValue)
        guard abs(date.timeIntervalSince(now)) > Self.tolerance else { return nil }
        return "the BMC's clock says \(date.timestamp)"
    }

    private static func date(_ seconds: UInt32) -> Date {
        Date(timeIntervalSince1970: TimeInterval(seconds))
    }
}
