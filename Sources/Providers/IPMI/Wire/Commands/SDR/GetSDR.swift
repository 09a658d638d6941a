package import NIOCore

/// Reads a sensor data record, or a part of one, from the BMC's repository (IPMI v2.0 33.12).
package struct GetSDR: IPMICommand {
    package static let function = NetworkFunction.storage
    package static let code: UInt8 = 0x23
    package static let name = "get SDR"
    package static let privilege = PrivilegeLevel.user
    package static let isOptional = true

    package typealias Response = RecordPartResponse

    /// Which part of which record.
    package var part: RecordPart
    package var variant: UInt16 { part.recordID ^ UInt16(part.count) << 8 }

    package init(_ part: RecordPart) {
        self.part = part
    }

    package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> GetSDR {
        GetSDR(try RecordPart.read(from: &buffer))
    }

    package func write(into buffer: inout ByteBuffer) {
        part.write(into: &buffer)
    }
}
