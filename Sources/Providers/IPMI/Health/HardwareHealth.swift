internal import Core
internal import Foundation
internal import IPMIWire

/// Finds out how a machine is, through its BMC's sensors and event log, and remembers what routine
/// looks need to know of both. One for each BMC.
///
/// Looks at one BMC take turns; one that comes while another is made gets what that one knew before.
actor HardwareHealth {
    /// How many sensors a routine look reads; those that are not well are among them.
    static let sensorsPerLook = 32
    /// The most requests of a routine look: the sensors, the limits of those that are not well, and
    /// what is new in the log.
    static let requestsPerLook = 64
    private static let logRequestsPerLook = 20

    private nonisolated let time: any TimeSource
    private let tables: SensorTables
    private var sensors = SensorWatch()
    private var log = LogWatch()
    private var isLooking = false
    /// When the BMC was looked at first: what a log says of the time before matters to no claim.
    private var start: Date?

    /// - Parameter tables: shared by all BMCs.
    init(time: any TimeSource, tables: SensorTables) {
        self.time = time
        self.tables = tables
    }

    /// The known sensors, by which events are named.
    var table: SensorTable { sensors.table ?? SensorTable() }

    /// How much routine looks have read.
    enum Coverage: Sendable {
        /// Every sensor at least once, and the log to its end.
        case whole
        case partial
        /// What was critical could not be read since.
        case blind
    }

    var coverage: Coverage {
        if sensors.isBlind { return .blind }
        return sensors.isComplete && log.isCurrent ? .whole : .partial
    }

    /// One routine look: at most ``requestsPerLook`` requests. The first few looks read the sensors'
    /// records, later ones a slice of the sensors each and all that are not well.
    /// - Parameters:
    ///   - isOn: Whether the machine runs: much is no fault of one that is off.
    ///   - claimedAt: From when on critical events count; nil if the machine is not claimed, when
    ///     none do.
    /// - Returns: What is not well, as far as it is known by now, the worst first. Critical events
    ///   of the log that did not end by it, and whose sensor does not show that they did, are
    ///   marked as events.
    func look(
        over connection: any IPMIConnection, isOn: Bool, claimedAt: Date?
    ) async throws(IPMIFailure) -> [HealthReport.Finding] {
        if !isLooking {
            isLooking = true
            defer { isLooking = false }
            var budget = RequestBudget(connection, limit: Self.logRequestsPerLook)
            try await lookAtLog(claimedAt, &budget)
            budget.limit = Self.requestsPerLook
            try await lookAtSensors(isOn, &budget)
        }
        let events = claimedAt.map { log.ledger.entries(since: $0) } ?? []
        return Self.sorted(
            sensors.findings + events.map { $0.finding(table) }.prefix(Self.maximumEvents))
    }

    private static let maximumEvents = 10

    /// What a deep look found of the sensors is where routine looks begin.
    func adopt(
        _ table: SensorTable, _ stamp: SDRWalk.Stamp?,
        _ results: [Sensor.Key: SensorReader.Result]
    ) {
        guard !isLooking else { return }
        sensors.adopt(table, stamp, results)
    }

    /// Whether a sensor was critical when it was read last.
    func wasCritical(_ sensor: Sensor.Key) -> Bool { sensors.wasCritical(sensor) }

    /// The known table, if the BMC's records still have the stamp that it was read with.
    func table(ifStamped stamp: SDRWalk.Stamp?) -> SensorTable? {
        sensors.table(ifStamped: stamp)
    }

    func shared(_ table: SensorTable) -> SensorTable { tables.shared(table) }

    var date: Date { time.date }

    /// The pauses that a deep look leaves a BMC which is too busy to tell of its records.
    static let pauses: [Duration] = [
        .milliseconds(250), .milliseconds(500), .seconds(1), .seconds(2), .seconds(4), .zero,
    ]

    nonisolated func pause(for duration: Duration) async throws(IPMIFailure) {
        do {
            try await time.sleep(for: duration)
        } catch {
            throw .cancelled(mayHaveActed: false)
        }
    }

    /// What is so now before what a log tells of, and the worst first.
    static func sorted(_ findings: [HealthReport.Finding]) -> [HealthReport.Finding] {
        findings.enumerated().sorted { left, right in
            let (one, other) = (left.element, right.element)
            if one.isEvent != other.isEvent { return !one.isEvent }
            return (other.health, left.offset) < (one.health, right.offset)
        }.map(\.element)
    }

    // The watches are taken out while they work, so that nobody sees them half changed; what they
    // found stays although the look fails.
    private func lookAtLog(
        _ claimedAt: Date?, _ budget: inout RequestBudget
    ) async throws(IPMIFailure) {
        let now = time.date
        if start == nil { start = now }
        var watch = log
        defer { log = watch }
        try await watch.look(since: claimedAt ?? start ?? now, now: now, &budget)
    }

    private func lookAtSensors(
        _ isOn: Bool, _ budget: inout RequestBudget
    ) async throws(IPMIFailure) {
        let events = log.ledger.entries.map(\.event).filter(Self.isShown)
        let wanted = events.map { EventKey($0).sensor }
        var watch = sensors
        defer { sensors = watch }
        let verdicts = try await watch.look(
            SensorReader(isOn: isOn), slice: Self.sensorsPerLook,
            wanted: Array(wanted.prefix(Self.maximumEvents)), tables, &budget)
        log.removeAll { event in
            guard Self.isShown(event), let verdict = verdicts[EventKey(event).sensor] else {
                return false
            }
            return verdict != .silent
        }
    }

    /// Whether a sensor shows the state for as long as it lasts, so that the sensor knows better
    /// than the log. A memory module that had an uncorrectable error shows nothing.
    static func isShown(_ event: SystemEvent) -> Bool {
        event.eventType == EventCatalogue.thresholds
            || [0x04, 0x08, 0x0D].contains(event.sensorType)
    }
}
