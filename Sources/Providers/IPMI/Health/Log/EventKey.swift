internal import IPMIWire

/// A state of a sensor, as events tell of its beginning and its end.
struct EventKey: Hashable, Sendable {
    var sensor: Sensor.Key
    var type: UInt8
    var eventType: UInt8
    var offset: UInt8
    /// Which part it is, of a sensor that stands for several, as far as the event tells.
    var part: Part

    /// The bytes by which an event names a part; nil each if it does not tell.
    struct Part: Hashable, Sendable {
        var second: UInt8?
        var third: UInt8?

        /// Whether both events say of which part they are, and it is not the same one.
        func isOther(than part: Part) -> Bool {
            func differ(_ one: UInt8?, _ other: UInt8?) -> Bool {
                one != nil && other != nil && one != other
            }
            return differ(second, part.second) || differ(third, part.third)
        }
    }

    init(_ event: SystemEvent) {
        sensor = Sensor.Key(owner: event.generator, number: event.sensor)
        type = event.sensorType
        eventType = event.eventType
        offset = event.offset
        part = event.part
    }

    /// Whether an event says that this state does not hold any more.
    func isEnded(by event: SystemEvent) -> Bool {
        let other = EventKey(event)
        guard other.sensor == sensor, other.type == type, other.eventType == eventType else {
            return false
        }
        if other.part.isOther(than: part) { return false }
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

extension SystemEvent {
    /// Sensors that BMCs have one of for several parts: processors, memory modules, drives, PCI
    /// devices, slots and cards, and what the BMC manages (IPMI v2.0 table 42-3). Others tell by
    /// the same bytes how much it was.
    private static let collective: Set<UInt8> = [0x07, 0x0C, 0x0D, 0x13, 0x17, 0x21, 0x28]

    /// Which part it is of. The bytes say so where they are the sensor type's, or a vendor's, own
    /// (IPMI v2.0 29.7, table 29-6); all ones stand for nothing.
    fileprivate var part: EventKey.Part {
        func told(_ byte: UInt8, _ kind: UInt8) -> UInt8? {
            kind & 0x02 != 0 && byte != 0xFF ? byte : nil
        }
        guard Self.collective.contains(sensorType), eventType != EventCatalogue.thresholds else {
            return EventKey.Part()
        }
        return EventKey.Part(
            second: told(data2, data1 >> 6), third: told(data3, data1 >> 4 & 0x03))
    }
}
