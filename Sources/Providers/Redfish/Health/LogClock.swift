internal import Core
internal import Foundation

/// Tells whether an entry of a BMC's log is recent, whatever the BMC takes the time to be.
///
/// A BMC without battery or time server begins at 1970 with every start, and is set right or
/// wrong at some time later: its log has entries of both kinds.
struct LogClock {
    /// What the BMC takes the time to be; nil if it does not say.
    let bmc: Date?
    /// What it is.
    let own: Date
    /// What counts as recent.
    let lookingBack: Duration

    /// Clocks may be so far apart without being wrong.
    private static let tolerance: TimeInterval = 24 * 3600

    func isRecent(_ entry: Date) -> Bool {
        guard let bmc else { return isRecent(entry, at: own) }
        if isRecent(entry, at: bmc) { return true }
        // Where the clock is wrong, the entry may be of the time before or after it became so.
        let isWrong = abs(bmc.timeIntervalSince(own)) > Self.tolerance
        return isWrong && isRecent(entry, at: own)
    }

    /// Whether an entry's date says nothing of when it was written: the clock was not set yet.
    func isUnset(_ entry: Date) -> Bool {
        entry < Self.earliest && !isRecent(entry)
    }

    /// 2000-01-01: no BMC that speaks Redfish is older.
    private static let earliest = Date(timeIntervalSince1970: 946_684_800)

    /// Why the clock should be set; nil if it is right.
    var complaint: String? {
        guard let bmc, abs(bmc.timeIntervalSince(own)) > Self.tolerance else { return nil }
        return "the BMC's clock says \(bmc.timestamp)"
    }

    private func isRecent(_ entry: Date, at now: Date) -> Bool {
        let age = now.timeIntervalSince(entry)
        return age > -3600 && age <= lookingBack / .seconds(1)
    }
}
