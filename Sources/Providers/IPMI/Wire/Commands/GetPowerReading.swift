package import NIOCore

/// Asks how much power the system draws (DCMI v1.5 6.6.1).
package struct GetPowerReading: IPMICommand {
    package static let function = NetworkFunction.group
    package static let code: UInt8 = 0x02
    package static let name = "DCMI get power reading"
    package static let privilege = PrivilegeLevel.user
    package static let isOptional = true

    /// The body that defines the command: DCMI (DCMI v1.5 6.1).
    private static let body: UInt8 = 0xDC
    /// The statistics of the whole system (DCMI v1.5 table 6-16).
    private static let systemStatistics: UInt8 = 0x01

    package init() {}

    /// Throws `invalid` for another body's command, and for other statistics than the system's.
    package static func read(
        from buffer: inout ByteBuffer
    ) throws(IPMIWireError) -> GetPowerReading {
        try takeBody(&buffer)
        guard try buffer.take("mode", as: UInt8.self) == systemStatistics else {
            throw .invalid("mode")
        }
        try buffer.skip("mode's attributes", count: 2)
        return GetPowerReading()
    }

    package func write(into buffer: inout ByteBuffer) {
        buffer.writeBytes([Self.body, Self.systemStatistics, 0, 0])
    }

    private static func takeBody(_ buffer: inout ByteBuffer) throws(IPMIWireError) {
        guard try buffer.take("defining body", as: UInt8.self) == body else {
            throw .invalid("defining body")
        }
    }

    /// What the system draws, and drew since the statistics began (DCMI v1.5 6.6.1, table 6-16).
    package struct Response: WireValue {
        /// What it draws now, in watts.
        package var watts: UInt16
        /// The least that it drew, in watts.
        package var leastWatts: UInt16
        /// The most that it drew, in watts.
        package var mostWatts: UInt16
        /// What it drew on average, in watts.
        package var averageWatts: UInt16
        /// When it was measured, in seconds since 1970, by the BMC's clock.
        package var timestamp: UInt32
        /// For how long the statistics have been kept, in milliseconds.
        package var period: UInt32
        /// Whether it is being measured; if not, the numbers mean nothing.
        package var isMeasured: Bool

        package init(
            watts: UInt16, leastWatts: UInt16, mostWatts: UInt16, averageWatts: UInt16,
            timestamp: UInt32, period: UInt32, isMeasured: Bool = true
        ) {
            self.watts = watts
            self.leastWatts = leastWatts
            self.mostWatts = mostWatts
            self.averageWatts = averageWatts
            self.timestamp = timestamp
            self.period = period
            self.isMeasured = isMeasured
        }

        package static func read(
            from buffer: inout ByteBuffer
        ) throws(IPMIWireError) -> Response {
            try takeBody(&buffer)
            let watts: UInt16 = try buffer.take("current power")
            let least: UInt16 = try buffer.take("minimum power")
            let most: UInt16 = try buffer.take("maximum power")
            let average: UInt16 = try buffer.take("average power")
            let timestamp: UInt32 = try buffer.take("timestamp")
            let period: UInt32 = try buffer.take("reporting time period")
            let state: UInt8 = try buffer.take("power reading state")
            return Response(
                watts: watts, leastWatts: least, mostWatts: most, averageWatts: average,
                timestamp: timestamp, period: period, isMeasured: state & 0x40 != 0)
        }

        package func write(into buffer: inout ByteBuffer) {
            buffer.put(GetPowerReading.body)
            buffer.put(watts)
            buffer.put(leastWatts)
            buffer.put(mostWatts)
            buffer.put(averageWatts)
            buffer.put(timestamp)
            buffer.put(period)
            buffer.put(isMeasured ? 0x40 : 0 as UInt8)
        }
    }
}
