internal import Core
internal import Foundation
internal import IPMIWire

/// Asks a BMC, within a session, for all that it tells of itself and its system.
struct SystemInspector {
    /// What an inspection may cost: a sensor takes a request, and its record up to eight.
    private static let maximumRequests = 3000

    let entries: Int
    let now: Date
    var budget: RequestBudget
    var inspection: IPMIInspection

    init(
        _ connection: any IPMIConnection, entries: Int, now: Date, _ inspection: IPMIInspection
    ) {
        self.entries = entries
        self.now = now
        self.inspection = inspection
        budget = RequestBudget(connection, limit: Self.maximumRequests)
    }

    /// - Throws: what concerns the BMC as a whole; what was told before stays in ``inspection``.
    mutating func inspect() async throws(IPMIFailure) {
        try await inspectBMC()
        let isOn = try await inspectChassis()
        try await inspectInventory()
        let table = try await readTable()
        try await inspectSensors(table, isOn: isOn)
        try await inspectLog(table)
        if budget.left == 0 {
            inspection.problems.append(
                "what was left: an inspection takes \(Self.maximumRequests) requests at the most")
        }
    }

    /// The answer; nil for a refusal, which is noted.
    private mutating func ask<Command: IPMICommand>(
        _ command: Command
    ) async throws(IPMIFailure) -> Command.Response? {
        let answer = try await budget.ask(command)
        if let complaint = answer.complaint {
            inspection.problems.append("\(Command.name): \(complaint)")
        }
        return answer.response
    }

    // MARK: The BMC and the chassis

    private mutating func inspectBMC() async throws(IPMIFailure) {
        let bmc = try await ask(GetDeviceID())
        let guid = try await ask(GetSystemGUID())
        let version = bmc.map { "\($0.ipmiVersion & 0x0F).\($0.ipmiVersion >> 4)" }
        inspection.add(
            "BMC",
            [
                ("Manufacturer", bmc.map { "number \($0.manufacturer) at IANA" }),
                ("Product", bmc.map { "number \($0.product)" }),
                ("Device", bmc.map { "\($0.deviceID), revision \($0.deviceRevision)" }),
                ("Firmware", bmc.map(\.firmwareVersion)), ("IPMI", version),
                ("Has", bmc.map { $0.capabilities.text }),
                ("State", bmc.flatMap { $0.isStarting ? "starting, or being updated" : nil }),
                ("System's UUID", guid.flatMap(\.uuid)),
            ])
    }

    private mutating func inspectChassis() async throws(IPMIFailure) -> Bool {
        let status = try await ask(GetChassisStatus())
        let boot = try await ask(GetSystemBootOptions(BootParameter.flagsNumber))
        let power = try await budget.ask(GetPowerReading()).response
        inspection.tellsPower = status != nil
        var override: String?
        if case .flags(let flags)? = boot?.parameter { override = flags.summary }
        let faults = status?.findings.map(\.text) ?? []
        inspection.add(
            "Chassis",
            [
                ("Power", status.map { $0.isOn ? "On" : "Off" }),
                (
                    "Faults",
                    status.map { _ in faults.isEmpty ? "none" : faults.joined(separator: "; ") }
                ),
                ("After a power cut", status?.restorePolicy.text),
                (
                    "Intrusion",
                    status.flatMap { $0.conditions.contains(.intrusion) ? "open" : nil }
                ), ("Boot override", override), ("Draws", power?.text),
            ])
        return status?.isOn ?? true
    }

    private mutating func inspectInventory() async throws(IPMIFailure) {
        var reader = FRUReader()
        guard let inventory = try await reader.inventory(of: 0, &budget) else {
            inspection.problems.append("inventory (FRU): there is none")
            return
        }
        inspection.problems += inventory.complaints
        let (chassis, board, product) = (inventory.chassis, inventory.board, inventory.product)
        inspection.add(
            "Inventory",
            [
                ("Product", Self.joined(product?.manufacturer, product?.name)),
                ("Product part", product?.partNumber), ("Product version", product?.version),
                ("Product serial", product?.serialNumber), ("Asset tag", product?.assetTag),
                ("Board", Self.joined(board?.manufacturer, board?.productName)),
                ("Board part", board?.partNumber), ("Board serial", board?.serialNumber),
                ("Chassis part", chassis?.partNumber),
                ("Chassis serial", chassis?.serialNumber),
            ])
    }

    private static func joined(_ texts: String?...) -> String? {
        let told = texts.compactMap(\.self).filter { !$0.isEmpty }
        return told.isEmpty ? nil : told.joined(separator: " ")
    }

    // MARK: The sensors and the log

    private mutating func readTable() async throws(IPMIFailure) -> SensorTable {
        var walk = SDRWalk()
        try await walk.advance(&budget)
        inspection.problems += walk.complaints
        return SensorTable(walk.records, complaints: [])
    }

    private mutating func inspectSensors(
        _ table: SensorTable, isOn: Bool
    ) async throws(IPMIFailure) {
        var rows: [(String, String?)] = []
        for sensor in table.sensors {
            let answer = try await budget.ask(
                GetSensorReading(sensor: sensor.key.number, lun: sensor.key.owner.lun))
            if case .unasked = answer { break }
            guard let reading = answer.response else {
                rows.append((sensor.name, "- (\(answer.complaint ?? "no answer"))"))
                continue
            }
            let text = SensorRow(sensor: sensor, reading: reading, isOn: isOn)
            rows.append((sensor.name, text.value(try await factors(sensor, reading))))
        }
        inspection.add("Sensors", rows)
        let foreign = table.others.count { $0.canBeRead }
        if foreign > 0 {
            inspection.problems.append(
                "\(foreign) sensors: they belong to controllers behind the BMC")
        }
    }

    /// The factors for just this reading, where the record has none that hold for all.
    private mutating func factors(
        _ sensor: Sensor, _ reading: GetSensorReading.Response
    ) async throws(IPMIFailure) -> SensorFactors? {
        guard sensor.conversion?.linearisation.isNonLinear == true, reading.isScanned else {
            return nil
        }
        return try await budget.ask(
            GetSensorReadingFactors(
                sensor: sensor.key.number, reading: reading.reading, lun: sensor.key.owner.lun)
        ).response?.factors
    }

    private mutating func inspectLog(_ table: SensorTable) async throws(IPMIFailure) {
        guard let info = try await ask(GetSELInfo()) else { return }
        let clock = try await ask(GetSELTime())?.time
        let dates = EventDates(bmc: clock, now: now)
        let events = try await newestEvents(info, dates, EventText(table: table))
        let rows: [(String, String?)] = [
            (
                "Entries",
                "\(info.recordCount)" + (info.hasOverflowed ? ", full: newer ones are lost" : "")
            ), ("Clock", dates.complaint),
        ]
        inspection.add("Event log", rows + events)
    }

    private mutating func newestEvents(
        _ info: GetSELInfo.Response, _ dates: EventDates, _ text: EventText
    ) async throws(IPMIFailure) -> [(String, String?)] {
        guard info.recordCount > 0, entries > 0 else { return [] }
        var walk = SELWalk(limit: entries) { _ in false }
        try await walk.advance(&budget)
        return walk.records.suffix(entries).map { (dates.text(of: $0), text.text($0)) }
    }
}
