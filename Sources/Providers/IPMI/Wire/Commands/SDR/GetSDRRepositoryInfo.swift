package import NIOCore

/// How many sensor data records the BMC's repository holds and when it changed (IPMI v2.0 33.9).
package struct GetSDRRepositoryInfo: IPMICommand {
    package static let function = NetworkFunction.storage
    package static let code: UInt8 = 0x20
    package static let name = "get SDR repository info"
    package static let privilege = PrivilegeLevel.user

    package init() {}

    package static func read(
        from buffer: inout ByteBuffer
    ) throws(IPMIWireError) -> GetSDRRepositoryInfo {
        GetSDRRepositoryInfo()
    }

    package func write(into buffer: inout ByteBuffer) {}

    package struct Response: WireValue {
        /// The version of the record format, BCD with the digits swapped: 0x51 is 1.5 and 2.0.
        package var version: UInt8
        /// The number of records.
        package var recordCount: UInt16
        /// The free space in bytes; 0xFFFE means as much or more, 0xFFFF that it is not known.
        package var freeBytes: UInt16
        /// When a record was added last.
        package var lastAddition: IPMITimestamp
        /// When records were removed last.
        package var lastErase: IPMITimestamp
        /// Overflow (bit 7), modal or non-modal update (6:5), and which commands the repository
        /// takes: delete (3), partial add (2), reserve (1), allocation information (0).
        package var operations: UInt8

        package init(
            version: UInt8 = 0x51, recordCount: UInt16, freeBytes: UInt16 = 0xFFFF,
            lastAddition: IPMITimestamp, lastErase: IPMITimestamp, operations: UInt8 = 0x02
        ) {
            self.version = version
            self.recordCount = recordCount
            self.freeBytes = freeBytes
            self.lastAddition = lastAddition
            self.lastErase = lastErase
            self.operations = operations
        }

        package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> Response {
            let version = try buffer.take("SDR version", as: UInt8.self)
            let recordCount = try buffer.take("SDR count", as: UInt16.self)
            let freeBytes = try buffer.take("SDR free space", as: UInt16.self)
            let addition = try buffer.take("SDR addition timestamp", as: UInt32.self)
            let erase = try buffer.take("SDR erase timestamp", as: UInt32.self)
            return Response(
                version: version, recordCount: recordCount, freeBytes: freeBytes,
                lastAddition: IPMITimestamp(rawValue: addition),
                lastErase: IPMITimestamp(rawValue: erase),
                operations: try buffer.take("SDR operation support"))
        }

        package func write(into buffer: inout ByteBuffer) {
            buffer.put(version)
            buffer.put(recordCount)
            buffer.put(freeBytes)
            buffer.put(lastAddition.rawValue)
            buffer.put(lastErase.rawValue)
            buffer.put(operations)
        }
    }
}
