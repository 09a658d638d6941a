package import NIOCore

/// Which part of which record is asked for: of the sensor data (IPMI v2.0 33.12, 35.3, request) or of
/// the event log (31.5).
package struct RecordPart: WireValue {
    /// The record ID that stands for the first record.
    package static let first: UInt16 = 0x0000
    /// As the next record's ID: none follows. In the event log it also stands for the last entry.
    package static let end: UInt16 = 0xFFFF

    /// From the reservation; needed to read a part, and 0 for a whole entry of the log.
    package var reservation: UInt16
    /// Which record: the ID that the one before it named as its next, or ``first``.
    package var recordID: UInt16
    /// Where to begin in the record, in bytes.
    package var offset: UInt8
    /// How many bytes; 0xFF is all.
    package var count: UInt8

    package init(recordID: UInt16, reservation: UInt16 = 0, offset: UInt8 = 0, count: UInt8 = 0xFF)
    {
        self.reservation = reservation
        self.recordID = recordID
        self.offset = offset
        self.count = count
    }

    package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> RecordPart {
        let reservation = try buffer.take("reservation ID", as: UInt16.self)
        let recordID = try buffer.take("record ID", as: UInt16.self)
        let offset = try buffer.take("offset into the record", as: UInt8.self)
        return RecordPart(
            recordID: recordID, reservation: reservation, offset: offset,
            count: try buffer.take("bytes to read"))
    }

    package func write(into buffer: inout ByteBuffer) {
        buffer.put(reservation)
        buffer.put(recordID)
        buffer.put(offset)
        buffer.put(count)
    }
}

/// A part of a record (IPMI v2.0 31.5, 33.12, 35.3, response).
package struct RecordPartResponse: WireValue {
    /// The ID of the record that follows, or ``RecordPart/end``.
    package var nextRecordID: UInt16
    /// As many of the record's bytes as were asked for.
    package var data: [UInt8]

    package init(nextRecordID: UInt16, data: [UInt8]) {
        self.nextRecordID = nextRecordID
        self.data = data
    }

    package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError)
        -> RecordPartResponse
    {
        let next = try buffer.take("next record ID", as: UInt16.self)
        let data = try buffer.takeBytes("record", count: buffer.readableBytes)
        return RecordPartResponse(nextRecordID: next, data: data)
    }

    package func write(into buffer: inout ByteBuffer) {
        buffer.put(nextRecordID)
        buffer.writeBytes(data)
    }
}
