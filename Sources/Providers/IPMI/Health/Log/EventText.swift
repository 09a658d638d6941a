internal import IPMIWire

/// What an entry of the event log says, in words.
struct EventText: Sendable {
    let table: SensorTable

    /// `PSU 2: power supply failure detected, asserted`
    func text(_ record: SELRecord) -> String {
        switch record.body {
        case .event(let event):
            "\(table.name(of: event)): \(meaning(event)),"
                + (event.isDeassertion ? " deasserted" : " asserted")
        case .timestamped(let type, _, let manufacturer, let data):
            "vendor \(manufacturer)'s entry of type \(hex([type])): \(hex(data))"
        case .other(let type, let data):
            "a vendor's entry of type \(hex([type])): \(hex(data))"
        }
    }

    /// `power supply failure detected`, `101 °C, above the critical threshold of 95 °C`
    func meaning(_ event: SystemEvent) -> String {
        guard let known = EventCatalogue.meaning(of: event)?.text else {
            return "state \(event.offset) of kind \(hex([event.eventType]))"
        }
        let key = Sensor.Key(owner: event.generator, number: event.sensor)
        guard let sensor = table.sensor(key), let conversion = sensor.conversion,
            !conversion.linearisation.isNonLinear
        else { return known }
        let value = { (raw: UInt8) in
            sensor.value(of: raw).map { ReadingText.text($0, conversion.units) }
        }
        let reading = event.triggerReading.flatMap(value).map { "\($0), " } ?? ""
        let limit = event.triggerThreshold.flatMap(value).map { " of \($0)" } ?? ""
        return reading + known + limit
    }

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
