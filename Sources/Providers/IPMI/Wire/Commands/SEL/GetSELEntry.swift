package import NIOCore

/// Reads an entry of the BMC's event log (IPMI v2.0 31.5). A whole one has 16 bytes.
package struct GetSELEntry: IPMICommand {
    package static let function = NetworkFunction.storage
    package static let code: UInt8 = 0x43
    package static let name = "get SEL entry"
    package static let privilege = PrivilegeLevel.user
    package static let isOptional = true

    /// The record ID that stands for the first entry.
    package static let first = RecordPart.first
    /// The record ID that stands for the last entry; as the next record's it means that none
    /// follows.
    package static let last = RecordPart.end

    package typealias Response = RecordPartResponse

    /// Which part of which entry: its own ID, ``first`` or ``last``.
    package var part: RecordPart
    package var variant: UInt16 { part.recordID ^ UInt16(part.count) << 8 }

    package init(_ part: RecordPart) {
        self.part = part
    }

    /// Reads a whole entry.
    package init(recordID: UInt16) {
        part = RecordPart(recordID: recordID)
    }

    package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> GetSELEntry {
        GetSELEntry(try RecordPart.read(from: &buffer))
    }

    package func write(into buffer: inout ByteBuffer) {
        part.write(into: &buffer)
    }
}
