package import NIOCore

/// What a sensor shows at present (IPMI v2.0 35.14).
package struct GetSensorReading: SensorCommand {
    package static let code: UInt8 = 0x2D
    package static let name = "get sensor reading"

    package var sensor: UInt8
    package var lun: UInt8

    package init(sensor: UInt8, lun: UInt8 = 0) {
        self.sensor = sensor
        self.lun = lun
    }

    package struct Response: WireValue {
        /// The raw reading, to be converted as the sensor's record says; 0 if it has none.
        package var reading: UInt8
        /// Whether the sensor sends events.
        package var sendsEvents: Bool
        /// Whether the BMC looks at the sensor at all.
        package var isScanned: Bool
        /// Whether the reading, and the states with it, mean nothing now: the part is absent or
        /// without power, or the BMC has yet to look at it.
        package var isUnavailable: Bool
        /// For a sensor with thresholds the comparisons, bit 0 to 5: at or below lower non-critical,
        /// critical, non-recoverable, at or above upper non-critical, critical, non-recoverable.
        /// For another one the states that hold, bit 0 to 14. Nil if the BMC sends none.
        package var states: UInt16?

        package init(
            reading: UInt8, sendsEvents: Bool = true, isScanned: Bool = true,
            isUnavailable: Bool = false, states: UInt16? = nil
        ) {
            self.reading = reading
            self.sendsEvents = sendsEvents
            self.isScanned = isScanned
            self.isUnavailable = isUnavailable
            self.states = states
        }

        package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> Response {
            let reading = try buffer.take("sensor reading", as: UInt8.self)
            let flags = try buffer.take("sensor flags", as: UInt8.self)
            // Bit 7 of the second byte is reserved and returned as 1.
            let low: UInt8? = buffer.readInteger()
            let high: UInt8? = low == nil ? nil : buffer.readInteger()
            return Response(
                reading: reading, sendsEvents: flags & 0x80 != 0, isScanned: flags & 0x40 != 0,
                isUnavailable: flags & 0x20 != 0,
                states: low.map { UInt16(high ?? 0) << 8 & 0x7F00 | UInt16($0) })
        }

        package func write(into buffer: inout ByteBuffer) {
            buffer.put(reading)
            buffer.put(
                (sendsEvents ? 0x80 : 0) | (isScanned ? 0x40 : 0)
                    | (isUnavailable ? UInt8(0x20) : 0))
            if let states { buffer.put(states | 0x8000) }
        }
    }
}
