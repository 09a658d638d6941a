internal import Core
internal import Foundation
internal import IPMIWire

/// Asks a BMC, within a session, for all that it tells of itself and its system.
struct SystemInspector {
    /// What an inspection may cost: a sensor takes a request, and its record up to eight.
    private static let maximumRequests = 3000
    /// Super Micro Computer Inc.'s numbers at IANA.
    private static let supermicro: Set<UInt32> = [10876, 47488]

    let entries: Int
    let quirks: Set<IPMIOptions.Quirk>
    let time: any TimeSource
    var now: Date { time.date }
    var budget: RequestBudget
    var inspection: IPMIInspection

    init(
        _ connection: any IPMIConnection, entries: Int, quirks: Set<IPMIOptions.Quirk> = [],
        time: any TimeSource, _ inspection: IPMIInspection
    ) {
        self.entries = entries
        self.quirks = quirks
        self.time = time
        self.inspection = inspection
        budget = RequestBudget(connection, limit: Self.maximumRequests)
    }

    /// - Throws: what concerns the BMC as a whole; what was told before stays in ``inspection``.
    mutating func inspect() async throws(IPMIFailure) {
        let isOn = try await inspectChassis()
        try await inspectBMC()
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
        if let bmc, Self.supermicro.contains(bmc.manufacturer), !quirks.contains(.uefiDisk24) {
            inspection.problems.append(
                "if a UEFI system does not boot from its drive when told to: Supermicro's BMCs have"
                    + " another number for that; set \"quirks: [uefiDisk24]\" in the inventory")
        }
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
            inspection.problems.append(
                "inventory (FRU): \(reader.complaint.map { "not read: \($0)" } ?? "there is none")")
            return
        }
        inspection.problems += inventory.complaints
        let (chassis, board, product) = (inventory.chassis, inventory.board, inventory.product)
        inspection.add(
            "Inventory",
            [
                ("Product", Self.joined(product?.manufacturer, product?.name)),
                ("Product part", product?.partNumber), ("Product version", product?.version),
                ("Product serial", Self.told(product?.serialNumber)),
                ("Asset tag", Self.told(product?.assetTag)),
                ("Board", Self.joined(board?.manufacturer, board?.productName)),
                ("Board part", board?.partNumber),
                ("Board serial", Self.told(board?.serialNumber)),
                ("Chassis part", chassis?.partNumber),
                ("Chassis serial", Self.told(chassis?.serialNumber)),
            ])
    }

    /// Nil for a placeholder.
    private static func told(_ text: String?) -> String? {
        SystemIdentity(serialNumber: text).serialNumber
    }

    private static func joined(_ texts: String?...) -> String? {
        let told = texts.compactMap(\.self).filter { !$0.isEmpty }
        return told.isEmpty ? nil : told.joined(separator: " ")
    }

    // MARK: The sensors and the log

    private mutating func readTable() async throws(IPMIFailure) -> SensorTable {
        var walk = SDRWalk()
        for pause in HardwareHealth.pauses {
            try await walk.advance(&budget)
            if walk.isDone || budget.left == 0 { break }
            do {
                try await time.sleep(for: pause)
            } catch {
                throw .cancelled(mayHaveActed: false)
            }
        }
        if !walk.isDone {
            inspection.problems.append(
                "further sensor records: \(walk.hindrance ?? "the BMC was too busy")")
        }
        inspection.problems += walk.complaints
        return SensorTable(walk.records, complaints: [])
    }

    private mutating func inspectSensors(
        _ table: SensorTable, isOn: Bool
    ) async throws(IPMIFailure) {
        var rows: [(String, String?)] = []
        var unscanned = 0
        for sensor in table.sensors {
            let answer = try await budget.ask(
                GetSensorReading(sensor: sensor.key.number, lun: sensor.key.owner.lun))
            if case .unasked = answer { break }
            guard let reading = answer.response else {
                rows.append((sensor.name, "- (\(answer.complaint ?? "no answer"))"))
                continue
            }
            if reading.isGoodThoughNotScanned(of: sensor) { unscanned += 1 }
            let text = SensorRow(sensor: sensor, reading: reading, isOn: isOn)
            rows.append((sensor.name, text.value(try await factors(sensor, reading))))
        }
        inspection.add("Sensors", rows)
        if unscanned > 0 {
            inspection.problems.append(
                "\(unscanned) sensors: the BMC says that it does not look at them; their readings are"
                    + " taken all the same")
        }
        let foreign = table.others.filter { $0.canBeRead && !$0.isOfBMC }
        if !foreign.isEmpty {
            let names = foreign.prefix(10).map(\.name).joined(separator: ", ")
            inspection.problems.append(
                "\(foreign.count) sensors: they belong to controllers behind the BMC: \(names)"
                    + (foreign.count > 10 ? ", …" : ""))
        }
    }

    /// The factors for just this reading, where the record has none that hold for all.
    private mutating func factors(
        _ sensor: Sensor, _ reading: GetSensorReading.Response
    ) async throws(IPMIFailure) -> SensorFactors? {
        guard sensor.conversion?.linearisation.isNonLinear == true, reading.isGood(of: sensor)
        else {
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
        if let complaint = walk.complaint, walk.isBroken {
            inspection.problems.append("the event log: \(complaint)")
        }
        return walk.records.suffix(entries).map { (dates.text(of: $0), text.text($0)) }
    }
}
