package import NIOCore

/// Reads a piece of a part's inventory (IPMI v2.0 34.2).
package struct ReadFRUData: IPMICommand {
    package static let function = NetworkFunction.storage
    package static let code: UInt8 = 0x11
    package static let name = "read FRU data"
    package static let privilege = PrivilegeLevel.user
    package static let isOptional = true

    /// Which part; 0 is the one that the BMC sits on.
    package var device: UInt8
    /// Where to begin, in bytes or words as ``GetFRUInventoryAreaInfo`` says.
    package var offset: UInt16
    /// How many bytes or words.
    package var count: UInt8
    /// The logical unit that holds the part; travels in the message's header.
    package var lun: UInt8
    package var variant: UInt16 { UInt16(device) << 8 | UInt16(count) }

    package init(device: UInt8, offset: UInt16, count: UInt8, lun: UInt8 = 0) {
        self.device = device
        self.offset = offset
        self.count = count
        self.lun = lun
    }

    package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> ReadFRUData {
        let device = try buffer.take("FRU device ID", as: UInt8.self)
        let offset = try buffer.take("FRU offset", as: UInt16.self)
        return ReadFRUData(device: device, offset: offset, count: try buffer.take("FRU count"))
    }

    package func write(into buffer: inout ByteBuffer) {
        buffer.put(device)
        buffer.put(offset)
        buffer.put(count)
    }

    package struct Response: WireValue {
        /// How many bytes or words the BMC says that it returns.
        package var count: UInt8
        /// The piece.
        package var data: [UInt8]

        package init(count: UInt8, data: [UInt8]) {
            self.count = count
            self.data = data
        }

        package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> Response {
            let count = try buffer.take("FRU count", as: UInt8.self)
            let data = try buffer.takeBytes("FRU data", count: buffer.readableBytes)
            return Response(count: count, data: data)
        }

        package func write(into buffer: inout ByteBuffer) {
            buffer.put(count)
            buffer.writeBytes(data)
        }
    }
}
