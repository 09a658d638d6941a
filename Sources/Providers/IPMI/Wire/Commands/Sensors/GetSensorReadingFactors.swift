package import NIOCore

/// How a raw reading of a sensor whose conversion differs from reading to reading is converted
/// (IPMI v2.0 35.5).
package struct GetSensorReadingFactors: IPMICommand {
    package static let function = NetworkFunction.sensor
    package static let code: UInt8 = 0x23
    package static let name = "get sensor reading factors"
    package static let privilege = PrivilegeLevel.user

    /// Which of the logical unit's sensors.
    package var sensor: UInt8
    /// The raw reading.
    package var reading: UInt8
    /// The logical unit that owns the sensor; travels in the message's header.
    package var lun: UInt8

    package init(sensor: UInt8, reading: UInt8, lun: UInt8 = 0) {
        self.sensor = sensor
        self.reading = reading
        self.lun = lun
    }

    package static func read(
        from buffer: inout ByteBuffer
    ) throws(IPMIWireError) -> GetSensorReadingFactors {
        let sensor = try buffer.take("sensor number", as: UInt8.self)
        return GetSensorReadingFactors(sensor: sensor, reading: try buffer.take("reading"))
    }

    package func write(into buffer: inout ByteBuffer) {
        buffer.put(sensor)
        buffer.put(reading)
    }

    package struct Response: WireValue {
        /// The next raw reading that has other factors.
        package var nextReading: UInt8
        /// How this reading is converted.
        package var factors: SensorFactors

        package init(nextReading: UInt8, factors: SensorFactors) {
            self.nextReading = nextReading
            self.factors = factors
        }

        package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> Response {
            let next = try buffer.take("next reading", as: UInt8.self)
            return Response(nextReading: next, factors: try SensorFactors.read(from: &buffer))
        }

        package func write(into buffer: inout ByteBuffer) {
            buffer.put(nextReading)
            factors.write(into: &buffer)
        }
    }
}
