package import NIOCore

/// How many sensors a controller itself describes, and whether they changed (IPMI v2.0 35.2).
package struct GetDeviceSDRInfo: IPMICommand {
    package static let function = NetworkFunction.sensor
    package static let code: UInt8 = 0x20
    package static let name = "get device SDR info"
    package static let privilege = PrivilegeLevel.user
    package static let isOptional = true

    /// Whether records are counted, rather than the sensors of the logical unit.
    package var countsRecords: Bool

    package init(countsRecords: Bool = true) {
        self.countsRecords = countsRecords
    }

    // The byte came with IPMI 2.0; without it, sensors are counted.
    package static func read(
        from buffer: inout ByteBuffer
    ) throws(IPMIWireError) -> GetDeviceSDRInfo {
        let operation: UInt8? = buffer.readInteger()
        return GetDeviceSDRInfo(countsRecords: (operation ?? 0) & 0x01 != 0)
    }

    package func write(into buffer: inout ByteBuffer) {
        buffer.put(UInt8(countsRecords ? 1 : 0))
    }

    package struct Response: WireValue {
        /// The number of sensors or records.
        package var count: UInt8
        /// Whether sensors come and go while the BMC runs.
        package var isDynamic: Bool
        /// Which logical units have sensors, bit 0 for LUN 0 to bit 3 for LUN 3.
        package var luns: UInt8
        /// Differs after each change of the sensors; nil if they don't change.
        package var changeIndicator: UInt32?

        package init(
            count: UInt8, isDynamic: Bool = false, luns: UInt8 = 0x01,
            changeIndicator: UInt32? = nil
        ) {
            self.count = count
            self.isDynamic = isDynamic
            self.luns = luns
            self.changeIndicator = changeIndicator
        }

        package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> Response {
            let count = try buffer.take("sensor count", as: UInt8.self)
            let flags = try buffer.take("sensor population flags", as: UInt8.self)
            return Response(
                count: count, isDynamic: flags & 0x80 != 0, luns: flags & 0x0F,
                changeIndicator: buffer.readInteger(endianness: .little))
        }

        package func write(into buffer: inout ByteBuffer) {
            buffer.put(count)
            buffer.put((isDynamic ? 0x80 : 0) | luns & 0x0F)
            if let changeIndicator { buffer.put(changeIndicator) }
        }
    }
}
