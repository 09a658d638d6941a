package import NIOCore

/// Reads an entry of the BMC's event log (IPMI v2.0 31.5).
package struct GetSELEntry: IPMICommand {
    package static let function = NetworkFunction.storage
    package static let code: UInt8 = 0x43
    package static let name = "get SEL entry"
    package static let privilege = PrivilegeLevel.user

    /// The record ID that stands for the first entry.
    package static let first: UInt16 = 0x0000
    /// The record ID that stands for the last entry; as the next record's it means that none
    /// follows.
    package static let last: UInt16 = 0xFFFF

    /// Needed to read a part of an entry; 0 for a whole one.
    package var reservation: UInt16
    /// Which entry: its own ID, ``first`` or ``last``.
    package var recordID: UInt16
    /// Where to begin in the entry, in bytes.
    package var offset: UInt8
    /// How many bytes; 0xFF is all.
    package var count: UInt8

    package init(
        recordID: UInt16, reservation: UInt16 = 0, offset: UInt8 = 0, count: UInt8 = 0xFF
    ) {
        self.reservation = reservation
        self.recordID = recordID
        self.offset = offset
        self.count = count
    }

    package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> GetSELEntry {
        let reservation = try buffer.take("reservation ID", as: UInt16.self)
        let recordID = try buffer.take("SEL record ID", as: UInt16.self)
        let offset = try buffer.take("offset into the record", as: UInt8.self)
        return GetSELEntry(
            recordID: recordID, reservation: reservation, offset: offset,
            count: try buffer.take("bytes to read"))
    }

    package func write(into buffer: inout ByteBuffer) {
        buffer.put(reservation)
        buffer.put(recordID)
        buffer.put(offset)
        buffer.put(count)
    }

    package struct Response: WireValue {
        /// The ID of the entry that follows, or ``GetSELEntry/last``.
        package var nextRecordID: UInt16
        /// The entry's bytes: 16 for a whole one.
        package var data: [UInt8]

        package init(nextRecordID: UInt16, data: [UInt8]) {
            self.nextRecordID = nextRecordID
            self.data = data
        }

        package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> Response {
            let next = try buffer.take("next SEL record ID", as: UInt16.self)
            let data = try buffer.takeBytes("SEL record", count: buffer.readableBytes)
            return Response(nextRecordID: next, data: data)
        }

        package func write(into buffer: inout ByteBuffer) {
            buffer.put(nextRecordID)
            buffer.writeBytes(data)
        }
    }
}
