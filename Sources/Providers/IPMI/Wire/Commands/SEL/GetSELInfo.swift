package import NIOCore

/// How full the BMC's event log is and when it changed (IPMI v2.0 31.2).
package struct GetSELInfo: IPMICommand {
    package static let function = NetworkFunction.storage
    package static let code: UInt8 = 0x40
    package static let name = "get SEL info"
    package static let privilege = PrivilegeLevel.user

    package init() {}

    package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> GetSELInfo {
        GetSELInfo()
    }

    package func write(into buffer: inout ByteBuffer) {}

    package struct Response: WireValue {
        /// The version of the log's commands, BCD with the digits swapped: 0x51 is 1.5 and 2.0.
        package var version: UInt8
        /// The number of entries.
        package var entryCount: UInt16
        /// The free space in bytes; 0xFFFF means as much or more.
        package var freeBytes: UInt16
        /// When an entry was added last.
        package var lastAddition: IPMITimestamp
        /// When the log was cleared, or an entry removed, last.
        package var lastErase: IPMITimestamp
        /// Whether events were lost because the log is full.
        package var hasOverflowed: Bool
        /// Which commands the log takes: delete (bit 3), partial add (2), reserve (1), allocation
        /// information (0).
        package var operations: UInt8

        package init(
            version: UInt8 = 0x51, entryCount: UInt16, freeBytes: UInt16,
            lastAddition: IPMITimestamp, lastErase: IPMITimestamp, hasOverflowed: Bool = false,
            operations: UInt8 = 0x02
        ) {
            self.version = version
            self.entryCount = entryCount
            self.freeBytes = freeBytes
            self.lastAddition = lastAddition
            self.lastErase = lastErase
            self.hasOverflowed = hasOverflowed
            self.operations = operations
        }

        package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> Response {
            let version = try buffer.take("SEL version", as: UInt8.self)
            let entryCount = try buffer.take("SEL entry count", as: UInt16.self)
            let freeBytes = try buffer.take("SEL free space", as: UInt16.self)
            let addition = try buffer.take("SEL addition timestamp", as: UInt32.self)
            let erase = try buffer.take("SEL erase timestamp", as: UInt32.self)
            let flags = try buffer.take("SEL operation support", as: UInt8.self)
            return Response(
                version: version, entryCount: entryCount, freeBytes: freeBytes,
                lastAddition: IPMITimestamp(rawValue: addition),
                lastErase: IPMITimestamp(rawValue: erase), hasOverflowed: flags & 0x80 != 0,
                operations: flags & 0x0F)
        }

        package func write(into buffer: inout ByteBuffer) {
            buffer.put(version)
            buffer.put(entryCount)
            buffer.put(freeBytes)
            buffer.put(lastAddition.rawValue)
            buffer.put(lastErase.rawValue)
            buffer.put((hasOverflowed ? 0x80 : 0) | operations & 0x0F)
        }
    }
}
