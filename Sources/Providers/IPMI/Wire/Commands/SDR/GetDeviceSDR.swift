package import NIOCore

/// Reads a sensor data record, or a part of one, that a controller itself holds (IPMI v2.0 35.3).
/// A BMC without a repository describes its own sensors so.
package struct GetDeviceSDR: IPMICommand {
    package static let function = NetworkFunction.sensor
    package static let code: UInt8 = 0x21
    package static let name = "get device SDR"
    package static let privilege = PrivilegeLevel.user
    package static let isOptional = true

    package typealias Response = RecordPartResponse

    /// Which part of which record.
    package var part: RecordPart
    package var variant: UInt16 { part.recordID ^ UInt16(part.count) << 8 }

    package init(_ part: RecordPart) {
        self.part = part
    }

    package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> GetDeviceSDR {
        GetDeviceSDR(try RecordPart.read(from: &buffer))
    }

    package func write(into buffer: inout ByteBuffer) {
        part.write(into: &buffer)
    }
}
