package import NIOCore

/// An event of a sensor, as the event log holds it (IPMI v2.0 32.1; record type 0x02, and 29.7 for
/// the event data).
package struct SystemEvent: WireValue {
    package var time: IPMITimestamp
    /// Who sent it.
    package var generator: SensorOwner
    /// The layout of the event: 4 for IPMI 1.5 and 2.0, 3 for 1.0.
    package var version: UInt8
    package var sensorType: UInt8
    package var sensor: UInt8
    /// Whether the state ended rather than began.
    package var isDeassertion: Bool
    /// The kind of states (IPMI v2.0 table 42-1).
    package var eventType: UInt8
    /// Which state (low four bits) and what the two others hold.
    package var data1: UInt8
    package var data2: UInt8
    package var data3: UInt8

    package init(
        time: IPMITimestamp, generator: SensorOwner = .bmc, version: UInt8 = 4, sensorType: UInt8,
        sensor: UInt8, isDeassertion: Bool = false, eventType: UInt8, data1: UInt8,
        data2: UInt8 = 0xFF, data3: UInt8 = 0xFF
    ) {
        self.time = time
        self.generator = generator
        self.version = version
        self.sensorType = sensorType
        self.sensor = sensor
        self.isDeassertion = isDeassertion
        self.eventType = eventType
        self.data1 = data1
        self.data2 = data2
        self.data3 = data3
    }

    /// Which of the kind's states.
    package var offset: UInt8 { data1 & 0x0F }
    /// The raw reading that led to an event of a threshold; nil if not told.
    package var triggerReading: UInt8? { eventType == 0x01 && data1 >> 6 == 1 ? data2 : nil }
    /// The raw threshold that was crossed; nil if not told.
    package var triggerThreshold: UInt8? {
        eventType == 0x01 && data1 >> 4 & 0x03 == 1 ? data3 : nil
    }

    package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> SystemEvent {
        let time = IPMITimestamp(rawValue: try buffer.take("event time"))
        let generator = try SensorOwner.read(from: &buffer)
        let bytes = try buffer.takeBytes("event", count: 7)
        return SystemEvent(
            time: time, generator: generator, version: bytes[0], sensorType: bytes[1],
            sensor: bytes[2], isDeassertion: bytes[3] & 0x80 != 0, eventType: bytes[3] & 0x7F,
            data1: bytes[4], data2: bytes[5], data3: bytes[6])
    }

    package func write(into buffer: inout ByteBuffer) {
        buffer.put(time.rawValue)
        generator.write(into: &buffer)
        buffer.writeBytes([
            version, sensorType, sensor, (isDeassertion ? 0x80 : 0) | eventType & 0x7F, data1,
            data2, data3,
        ])
    }
}
