package import NIOCore

/// Beyond which raw readings a sensor is not well (IPMI v2.0 35.9).
package struct GetSensorThresholds: SensorCommand {
    package static let code: UInt8 = 0x27
    package static let name = "get sensor thresholds"

    package var sensor: UInt8
    package var lun: UInt8

    package init(sensor: UInt8, lun: UInt8 = 0) {
        self.sensor = sensor
        self.lun = lun
    }

    package struct Response: WireValue {
        /// The thresholds that there are, as raw readings.
        package var thresholds: SensorThresholds

        package init(_ thresholds: SensorThresholds) {
            self.thresholds = thresholds
        }

        package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> Response {
            let mask = try buffer.take("readable thresholds", as: UInt8.self)
            var thresholds = SensorThresholds()
            for threshold in SensorThreshold.allCases {
                let value = try buffer.take("threshold", as: UInt8.self)
                thresholds[threshold] = mask & threshold.bit != 0 ? value : nil
            }
            return Response(thresholds)
        }

        package func write(into buffer: inout ByteBuffer) {
            buffer.put(thresholds.mask)
            for threshold in SensorThreshold.allCases { buffer.put(thresholds[threshold] ?? 0) }
        }
    }
}
