internal import IPMIWire

/// What a machine's sensor records come to. Machines of a model have the same one.
struct SensorTable: Hashable, Sendable {
    /// A part with an inventory of its own.
    struct Part: Hashable, Sendable {
        var device: UInt8
        var lun: UInt8
        var name: String
    }

    /// The sensors that can be read, in the order of their records.
    var sensors: [Sensor] = []
    /// Those that just send events, or belong to a controller that is behind a bridge.
    var others: [Sensor] = []
    /// The parts besides the one that the BMC sits on.
    var parts: [Part] = []
    /// What was left out, and why.
    var complaints: [String] = []
    /// Whether all records were read that there are, as far as the BMC tells.
    var isWhole = true

    init() {}

    init(_ records: [SensorDataRecord], complaints: [String], isWhole: Bool = true) {
        self.complaints = complaints
        self.isWhole = isWhole
        var seen: Set<Sensor.Key> = []
        for record in records {
            for sensor in Sensor.sensors(of: record) where seen.insert(sensor.key).inserted {
                if sensor.canBeRead && sensor.isOfBMC {
                    sensors.append(sensor)
                } else {
                    others.append(sensor)
                }
            }
            guard case .fruLocator(let locator) = record.body, locator.isLogical,
                locator.controller == LANRequest.bmcAddress, locator.channel == 0,
                locator.device != 0
            else { continue }
            let name = locator.name.text
            parts.append(
                Part(
                    device: locator.device, lun: locator.lun,
                    name: name.isEmpty ? "FRU \(locator.device)" : name))
        }
        tellApart()
    }

    /// Sensors of one name get their parts' names, else their numbers, for `Status: input lost` tells
    /// nobody which.
    private mutating func tellApart() {
        let all = sensors + others
        let alike = Dictionary(grouping: all, by: \.name).filter { $0.value.count > 1 }
        guard !alike.isEmpty else { return }
        let names: [Sensor.Key: String] = alike.values.reduce(into: [:]) { names, group in
            let parts = group.map(\.entity.name)
            let areApart = Set(parts.compactMap(\.self)).count == group.count
            for (sensor, part) in zip(group, parts) {
                let which = [part, areApart ? nil : "sensor \(sensor.key.number)"]
                    .compactMap(\.self).joined(separator: ", ")
                names[sensor.key] = "\(sensor.name) (\(which))"
            }
        }
        for place in sensors.indices {
            sensors[place].name = names[sensors[place].key] ?? sensors[place].name
        }
        for place in others.indices {
            others[place].name = names[others[place].key] ?? others[place].name
        }
    }

    /// The sensor that an event is of; nil if no record describes it.
    func sensor(_ key: Sensor.Key) -> Sensor? {
        sensors.first { $0.key == key } ?? others.first { $0.key == key }
    }

    /// What the sensor is called that an event is of.
    func name(of event: SystemEvent) -> String {
        let key = Sensor.Key(owner: event.generator, number: event.sensor)
        guard let sensor = sensor(key), sensor.type == event.sensorType else {
            // Software names its sensors in no record.
            return event.generator.isSoftware
                ? EventCatalogue.name(ofType: event.sensorType)
                : Sensor.name(key, type: event.sensorType)
        }
        return sensor.name
    }
}
