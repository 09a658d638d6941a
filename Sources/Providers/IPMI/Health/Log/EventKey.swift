internal import IPMIWire

/// A state of a sensor, as events tell of its beginning and its end.
struct EventKey: Hashable, Sendable {
    var sensor: Sensor.Key
    var type: UInt8
    var eventType: UInt8
    var offset: UInt8

    init(_ event: SystemEvent) {
        sensor = Sensor.Key(owner: event.generator, number: event.sensor)
        type = event.sensorType
        eventType = event.eventType
        offset = event.offset
    }

    /// Whether an event says that this state does not hold any more.
    func isEnded(by event: SystemEvent) -> Bool {
        let other = EventKey(event)
        guard other.sensor == sensor, other.type == type, other.eventType == eventType else {
            return false
        }
        if event.isDeassertion { return other.offset == offset }
        switch eventType {
        // Going back over the threshold: the other of the pair of offsets (IPMI v2.0 table 42-2).
        case EventCatalogue.thresholds: return other.offset == offset ^ 1
        // Of the states that sensors share one holds at a time.
        case 0x02...0x0C: return other.offset != offset
        default: return false
        }
    }
}
