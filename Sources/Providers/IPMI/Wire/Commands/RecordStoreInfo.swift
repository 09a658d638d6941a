package import NIOCore

/// How full a store of records is and when it changed: the event log (IPMI v2.0 31.2, response) or the
/// repository of sensor data records (33.9, response), which say it in the same bytes.
package struct RecordStoreInfo: WireValue {
    /// The version of the records' format, BCD with the digits swapped: 0x51 is 1.5 and 2.0.
    package var version: UInt8
    /// The number of records.
    package var recordCount: UInt16
    /// The free space in bytes. 0xFFFF means as much or more, or at the sensors' repository that it is
    /// not known; 0xFFFE is that one's word for as much or more.
    package var freeBytes: UInt16
    /// When a record was added last.
    package var lastAddition: IPMITimestamp
    /// When records were removed last.
    package var lastErase: IPMITimestamp
    /// Whether records were lost, because there was no room for them.
    package var hasOverflowed: Bool
    /// Modal or non-modal update (bits 6:5, sensors' repository alone), and which commands are taken:
    /// delete (3), partial add (2), reserve (1), allocation information (0).
    package var operations: UInt8

    package init(
        version: UInt8 = 0x51, recordCount: UInt16, freeBytes: UInt16 = 0xFFFF,
        lastAddition: IPMITimestamp, lastErase: IPMITimestamp, hasOverflowed: Bool = false,
        operations: UInt8 = 0x02
    ) {
        self.version = version
        self.recordCount = recordCount
        self.freeBytes = freeBytes
        self.lastAddition = lastAddition
        self.lastErase = lastErase
        self.hasOverflowed = hasOverflowed
        self.operations = operations
    }

    package static func read(
        from buffer: inout ByteBuffer
    ) throws(IPMIWireError) -> RecordStoreInfo {
        let version = try buffer.take("version", as: UInt8.self)
        let recordCount = try buffer.take("record count", as: UInt16.self)
        let freeBytes = try buffer.take("free space", as: UInt16.self)
        let addition = try buffer.take("addition timestamp", as: UInt32.self)
        let erase = try buffer.take("erase timestamp", as: UInt32.self)
        let flags = try buffer.take("operation support", as: UInt8.self)
        return RecordStoreInfo(
            version: version, recordCount: recordCount, freeBytes: freeBytes,
            lastAddition: IPMITimestamp(rawValue: addition),
            lastErase: IPMITimestamp(rawValue: erase), hasOverflowed: flags & 0x80 != 0,
            operations: flags & 0x7F)
    }

    package func write(into buffer: inout ByteBuffer) {
        buffer.put(version)
        buffer.put(recordCount)
        buffer.put(freeBytes)
        buffer.put(lastAddition.rawValue)
        buffer.put(lastErase.rawValue)
        buffer.put((hasOverflowed ? 0x80 : 0) | operations & 0x7F)
    }
}
