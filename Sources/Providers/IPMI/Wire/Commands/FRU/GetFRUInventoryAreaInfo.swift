package import NIOCore

/// How large a part's inventory is (IPMI v2.0 34.1).
package struct GetFRUInventoryAreaInfo: IPMICommand {
    package static let function = NetworkFunction.storage
    package static let code: UInt8 = 0x10
    package static let name = "get FRU inventory area info"
    package static let privilege = PrivilegeLevel.user
    package static let isOptional = true

    /// Which part; 0 is the one that the BMC sits on.
    package var device: UInt8
    /// The logical unit that holds the part; travels in the message's header.
    package var lun: UInt8

    package init(device: UInt8, lun: UInt8 = 0) {
        self.device = device
        self.lun = lun
    }

    package static func read(
        from buffer: inout ByteBuffer
    ) throws(IPMIWireError) -> GetFRUInventoryAreaInfo {
        GetFRUInventoryAreaInfo(device: try buffer.take("FRU device ID"))
    }

    package func write(into buffer: inout ByteBuffer) {
        buffer.put(device)
    }

    package struct Response: WireValue {
        /// The size in bytes.
        package var size: UInt16
        /// Whether offsets and counts are in words of two bytes.
        package var isInWords: Bool

        package init(size: UInt16, isInWords: Bool = false) {
            self.size = size
            self.isInWords = isInWords
        }

        package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> Response {
            let size = try buffer.take("FRU inventory size", as: UInt16.self)
            let access = try buffer.take("FRU access", as: UInt8.self)
            return Response(size: size, isInWords: access & 0x01 != 0)
        }

        package func write(into buffer: inout ByteBuffer) {
            buffer.put(size)
            buffer.put(UInt8(isInWords ? 1 : 0))
        }
    }
}
