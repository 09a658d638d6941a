package import NIOCore

/// How far a sensor must come back from a threshold before it is well again (IPMI v2.0 35.7).
package struct GetSensorHysteresis: SensorCommand {
    package static let code: UInt8 = 0x25
    package static let name = "get sensor hysteresis"

    package var sensor: UInt8
    package var lun: UInt8

    package init(sensor: UInt8, lun: UInt8 = 0) {
        self.sensor = sensor
        self.lun = lun
    }

    package func write(into buffer: inout ByteBuffer) {
        buffer.put(sensor)
        // A mask that is reserved and must be so.
        buffer.put(UInt8(0xFF))
    }

    package struct Response: WireValue {
        /// Below an upper threshold, in raw counts.
        package var positive: UInt8
        /// Above a lower threshold, in raw counts.
        package var negative: UInt8

        package init(positive: UInt8, negative: UInt8) {
            self.positive = positive
            self.negative = negative
        }

        package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> Response {
            let positive = try buffer.take("positive hysteresis", as: UInt8.self)
            return Response(positive: positive, negative: try buffer.take("negative hysteresis"))
        }

        package func write(into buffer: inout ByteBuffer) {
            buffer.put(positive)
            buffer.put(negative)
        }
    }
}
