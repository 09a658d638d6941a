internal import Core
internal import Foundation
internal import Locking

/// What is known of each device's sensors and log between two looks at it.
final class HealthMemory: Sendable {
    private struct Entry {
        /// As it was when the entry was made.
        let bmc: String
        let hardware: HardwareHealth
        /// When sensors and log were looked at last, as an uptime.
        var lookedAt: Duration?
        var claimedAt: Date?
        var findings: [HealthReport.Finding] = []
        /// How often sensors and log were looked at since all of them were read.
        var looks = 0
        var coverage = HardwareHealth.Coverage.partial

        var isComplete: Bool {
            switch coverage {
            case .whole: true
            case .partial: looks >= HealthMemory.patience
            case .blind: false
            }
        }
    }

    /// What a routine look is to do about sensors and log.
    struct Turn {
        /// Nil if what is known is fresh enough.
        let hardware: HardwareHealth?
        let known: [HealthReport.Finding]
        /// Whether all was read that `known` follows from.
        let isComplete: Bool
    }

    /// For how long a device that is well is not looked at again: it is looked at many times while
    /// its power changes.
    private static let freshness: Duration = .seconds(2)

    /// After how many looks what is known counts as all that there is: there are BMCs that never
    /// tell the rest. The longest tables and logs take about as many.
    static let patience = 40

    private let time: any TimeSource
    private let tables = SensorTables()
    private let entries = Mutex<[String: Entry]>([:])

    init(time: any TimeSource) {
        self.time = time
    }

    /// Whose turn it is at a routine look.
    ///
    /// The first look at a free device is at its chassis alone: the sensors' records take several
    /// looks to read, and who looks just once is not kept waiting for the first of them.
    func turn(of device: Device, claimedAt: Date?) -> Turn {
        entries.withLock { entries in
            let isFirst = entries[device.name]?.bmc != device.bmc
            var entry = entry(of: device, in: entries)
            // Another claim's events are not this one's.
            if entry.claimedAt != claimedAt {
                entry.claimedAt = claimedAt
                entry.findings.removeAll { $0.isEvent }
            }
            let isFresh = entry.lookedAt.map { time.uptime - $0 < Self.freshness } ?? false
            let isWell = entry.findings.isEmpty
            let isDue = !(isFresh && isWell) && !(isFirst && claimedAt == nil)
            if isDue {
                entry.lookedAt = time.uptime
                entry.looks = min(entry.looks + 1, Self.patience)
            }
            entries[device.name] = entry
            return Turn(
                hardware: isDue ? entry.hardware : nil, known: entry.findings,
                isComplete: entry.isComplete)
        }
    }

    /// Keeps what a look found, unless the device changed or was claimed meanwhile.
    /// - Parameter coverage: how much this and the looks before it have read.
    /// - Returns: whether that is all that there is, or has to do.
    func note(
        _ findings: [HealthReport.Finding], _ coverage: HardwareHealth.Coverage, of device: Device,
        claimedAt: Date?
    ) -> Bool {
        entries.withLock { entries in
            guard var entry = entries[device.name], entry.bmc == device.bmc,
                entry.claimedAt == claimedAt
            else { return coverage == .whole }
            entry.findings = findings
            entry.coverage = coverage
            if coverage == .whole { entry.looks = 0 }
            entries[device.name] = entry
            return entry.isComplete
        }
    }

    /// Keeps that a look broke off, which says nothing of what was known before.
    /// - Returns: what was known, with what was critical in doubt, and whether that is all that
    ///   there is to know.
    func noteBreak(
        because why: String, of device: Device, claimedAt: Date?
    ) -> (findings: [HealthReport.Finding], isComplete: Bool) {
        entries.withLock { entries in
            guard var entry = entries[device.name], entry.bmc == device.bmc,
                entry.claimedAt == claimedAt
            else { return ([], false) }
            let wasCritical = entry.findings.contains { $0.health == .critical && !$0.isEvent }
            entry.coverage = wasCritical || entry.coverage == .blind ? .blind : .partial
            entries[device.name] = entry
            return (entry.findings.map { $0.unread(because: why) }, entry.isComplete)
        }
    }

    func hardware(of device: Device) -> HardwareHealth {
        entries.withLock { entries in
            let entry = entry(of: device, in: entries)
            entries[device.name] = entry
            return entry.hardware
        }
    }

    func forget(_ device: Device) {
        entries.withLock { $0[device.name] = nil }
    }

    private func entry(of device: Device, in entries: [String: Entry]) -> Entry {
        if let entry = entries[device.name], entry.bmc == device.bmc { return entry }
        return Entry(
            bmc: device.bmc, hardware: HardwareHealth(time: time, tables: tables))
    }
}
