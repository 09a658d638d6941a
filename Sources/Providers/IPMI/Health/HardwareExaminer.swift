internal import Core
internal import Foundation
internal import IPMIWire

/// Makes one deep look: every sensor, the recent log, and which parts tell of themselves.
struct HardwareExaminer {
    /// The most requests of a deep look.
    static let maximumRequests = 1500
    private static let maximumEntries = 512
    private static let maximumParts = 32
    private static let maximumEvents = 20

    let health: HardwareHealth
    let power: PowerState
    let lookingBack: Duration
    let now: Date
    var budget: RequestBudget
    private var findings: [HealthReport.Finding] = []
    private var skipped: [HealthReport.Skip] = []
    private var examined: [HealthReport.Count] = []

    init(
        _ health: HardwareHealth, over connection: any IPMIConnection, power: PowerState,
        lookingBack: Duration, now: Date
    ) {
        self.health = health
        self.power = power
        self.lookingBack = lookingBack
        self.now = now
        budget = RequestBudget(connection, limit: Self.maximumRequests)
    }

    mutating func report() async throws(IPMIFailure) -> HealthReport {
        let (table, stamp) = try await readTable()
        try await examineSensors(table, stamp)
        try await examineLog(table)
        try await examineParts(table)
        if budget.left == 0 {
            skip(
                "what was left", "a deep look takes \(Self.maximumRequests) requests at the most",
                mayHideFaults: true)
        }
        return HealthReport(
            power: power, findings: HardwareHealth.sorted(findings), skipped: skipped,
            examined: examined, requests: budget.used, date: await health.date)
    }

    private mutating func skip(_ what: String, _ why: String, mayHideFaults: Bool = false) {
        skipped.append(HealthReport.Skip(what, why: why, mayHideFaults: mayHideFaults))
    }

    private mutating func readTable() async throws(IPMIFailure) -> (SensorTable, SDRWalk.Stamp?) {
        let stamp = try await SDRWalk.stamp(&budget)
        if let known = await health.table(ifStamped: stamp) { return (known, stamp) }
        var walk = SDRWalk()
        for pause in HardwareHealth.pauses {
            try await walk.advance(&budget)
            if walk.isDone || budget.left == 0 { break }
            try await health.pause(for: pause)
        }
        if !walk.isDone, budget.left > 0 {
            skip(
                "further sensor records", walk.hindrance ?? "the BMC was too busy",
                mayHideFaults: true)
        }
        let table = SensorTable(
            walk.records, complaints: walk.complaints, isWhole: walk.isWhole)
        return (await health.shared(table), walk.isDone && walk.isWhole ? walk.stamp : nil)
    }

    private mutating func examineSensors(
        _ table: SensorTable, _ stamp: SDRWalk.Stamp?
    ) async throws(IPMIFailure) {
        for complaint in table.complaints {
            skip("sensor records", complaint, mayHideFaults: !table.isWhole)
        }
        let foreign = table.others.filter { $0.canBeRead && !$0.isOfBMC }
        if !foreign.isEmpty {
            skip(
                Self.count(foreign),
                "they belong to controllers behind the BMC: \(Self.names(foreign))")
        }
        let reader = SensorReader(isOn: power != .off)
        var results: [Sensor.Key: SensorReader.Result] = [:]
        var silent: [Sensor] = []
        var unscanned: [Sensor] = []
        for sensor in table.sensors {
            guard let result = try await reader.read(sensor, &budget) else { break }
            results[sensor.key] = result
            let wasCritical = await health.wasCritical(sensor.key)
            if result.verdict == .silent, wasCritical, !result.isAtRest {
                skip(
                    sensor.name,
                    "it was critical when it was read last, and shows nothing now"
                        + (result.complaint.map { ": \($0)" } ?? ""), mayHideFaults: true)
            } else if let complaint = result.complaint {
                skip(
                    sensor.name, complaint,
                    mayHideFaults: sensor.canBeCritical && !result.isAbsent && !result.isAtRest)
            } else if result.verdict == .silent {
                silent.append(sensor)
            }
            if result.isUnscanned { unscanned.append(sensor) }
            if let finding = result.finding { findings.append(finding) }
        }
        if !silent.isEmpty {
            skip(
                Self.count(silent),
                "no reading: the part is absent or without power, or the BMC does not look: "
                    + Self.names(silent))
        }
        if !unscanned.isEmpty {
            skip(
                "doubts about " + Self.count(unscanned),
                "the BMC says that it does not look at them; their readings were taken all the same: "
                    + Self.names(unscanned))
        }
        examined.append(HealthReport.Count("sensors", results.count))
        if results.count == table.sensors.count, stamp != nil {
            await health.adopt(table, stamp, results)
        }
    }

    private static func count(_ sensors: [Sensor]) -> String {
        sensors.count == 1 ? "1 sensor" : "\(sensors.count) sensors"
    }

    private static func names(_ sensors: [Sensor]) -> String {
        let names = sensors.prefix(10).map(\.name).joined(separator: ", ")
        return sensors.count > 10 ? names + ", …" : names
    }

    private mutating func examineLog(_ table: SensorTable) async throws(IPMIFailure) {
        let answer = try await budget.ask(GetSELInfo())
        guard let info = answer.response else {
            return skip(
                "the event log", answer.complaint ?? "no answer",
                mayHideFaults: !answer.meansNotKnown)
        }
        if info.hasOverflowed {
            findings.append(
                HealthReport.Finding(
                    .warning, "Event log", cause: "full: newer events are lost",
                    source: "event log"))
        }
        guard info.recordCount > 0 else {
            return examined.append(HealthReport.Count("log entries", 0))
        }
        let dates = EventDates(bmc: try await budget.ask(GetSELTime()).response?.time, now: now)
        if let complaint = dates.complaint {
            skip("the age of log entries", "not certain: \(complaint)")
        }
        let start = now.addingTimeInterval(-(lookingBack / .seconds(1)))
        var walk = SELWalk(
            limit: Self.maximumEntries, of: Int(info.recordCount)
        ) { record in
            record.time.flatMap(dates.date).map { $0 < start } ?? false
        }
        try await walk.advance(&budget)
        if !walk.isDone, budget.left > 0 {
            skip("older entries of the event log", "the BMC was too busy", mayHideFaults: true)
        }
        if let complaint = walk.complaint {
            skip("the event log", complaint, mayHideFaults: true)
        }
        var ledger = EventLedger(worth: .warning)
        for record in walk.records { ledger.enter(record, dates) }
        enter(ledger, since: start, table)
        examined.append(HealthReport.Count("log entries", walk.records.count))
    }

    private mutating func enter(
        _ ledger: EventLedger, since start: Date, _ table: SensorTable
    ) {
        let undated = ledger.undated.map { $0.finding(table) }
        let critical = undated.filter { $0.health == .critical }
        if !critical.isEmpty {
            let some = critical.prefix(3).map(\.text) + (critical.count > 3 ? ["…"] : [])
            skip(
                "the event log",
                "critical entries without a date, of which nobody knows whether they are recent,"
                    + " \(critical.count): \(some.joined(separator: "; "))", mayHideFaults: true)
        }
        if undated.count > critical.count {
            skip("the event log", "\(undated.count - critical.count) entries without a date")
        }
        let entries = ledger.entries(since: start)
        findings += entries.prefix(Self.maximumEvents).map { $0.finding(table) }
        if entries.count > Self.maximumEvents {
            let rest = entries.count - Self.maximumEvents
            skip("the event log", "\(rest) further entries are not listed")
        }
    }

    private mutating func examineParts(_ table: SensorTable) async throws(IPMIFailure) {
        var reader = FRUReader()
        var count = 0
        let main = SensorTable.Part(device: 0, lun: 0, name: "the system")
        for part in [main] + table.parts.prefix(Self.maximumParts) {
            let inventory = try await reader.inventory(of: part.device, lun: part.lun, &budget)
            guard let inventory else {
                if let complaint = reader.complaint {
                    skip("the inventory of \(part.name)", complaint)
                }
                continue
            }
            count += 1
            for complaint in inventory.complaints {
                skip("the inventory of \(part.name)", complaint)
            }
        }
        if table.parts.count > Self.maximumParts {
            skip("parts", "\(table.parts.count - Self.maximumParts) were not asked for")
        }
        examined.append(HealthReport.Count("parts", count))
    }
}
