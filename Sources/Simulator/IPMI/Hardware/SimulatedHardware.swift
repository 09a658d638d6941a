internal import Core
internal import IPMIWire

/// What a fixture's machine shows of itself over IPMI; made once for all BMCs that are served from
/// the fixture.
struct SimulatedHardware: Sendable {
    /// The sensor with number n stands at n - 1.
    let sensors: [SimulatedSensor]
    /// The repository's records, the first first.
    let records: [[UInt8]]
    /// When the records were added, as the repository has it: another time for other records, for
    /// programs that keep records from one run to the next go by it (freeipmi, sdr-cache).
    let recordsTime: IPMITimestamp
    /// What the system draws when it is on.
    let watts: UInt16
    let chassisPartNumber: String?

    /// More would not fit a repository whose record is found by one byte.
    private static let sensorLimit = 96
    private static let usualWatts = 240.0

    init(_ resources: [String: JSON]) {
        let recorded = RecordedSensors(resources)
        sensors = Self.numbered(recorded.completed)
        watts = UInt16(max(1, min(65_535, recorded.watts ?? Self.usualWatts)))
        let chassis = resources.sorted { $0.key < $1.key }.map(\.value)
            .first { $0["@odata.type"]?.string?.contains("#Chassis.") == true }
        chassisPartNumber = chassis?["PartNumber"]?.string
        var bodies = sensors.enumerated().map { $0.element.record(number: UInt8($0.offset + 1)) }
        bodies.append(Self.controller)
        let records = bodies.enumerated().map { index, body in
            SensorDataRecord(id: UInt16(index + 1), body: body).wireBytes
        }
        self.records = records
        // FNV-1a; a moment of 2025.
        let digest = records.joined().reduce(UInt32(2_166_136_261)) {
            ($0 ^ UInt32($1)) &* 16_777_619
        }
        recordsTime = IPMITimestamp(rawValue: 1_735_689_600 + digest % 31_536_000)
    }

    func sensor(_ number: UInt8) -> SimulatedSensor? {
        let index = Int(number) - 1
        return sensors.indices.contains(index) ? sensors[index] : nil
    }

    private static func numbered(_ recorded: [SimulatedSensor]) -> [SimulatedSensor] {
        var counts: [SimulatedSensor.Kind: UInt8] = [:]
        return recorded.prefix(sensorLimit).map { sensor in
            var sensor = sensor
            counts[sensor.kind, default: 0] += 1
            sensor.instance = counts[sensor.kind] ?? 1
            return sensor
        }
    }

    /// The BMC itself: sensors, records, log, inventory and chassis (IPMI v2.0 43.9).
    private static let controller = SensorDataRecord.Body.controllerLocator(
        ControllerLocatorRecord(
            capabilities: 0x8F, entity: EntityReference(id: 6, instance: 1),
            name: PackedText("BMC")))
}
