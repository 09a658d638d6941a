package import NIOCore

/// Asks for the system's UUID (IPMI v2.0 22.14).
package struct GetSystemGUID: IPMICommand, EmptyWireValue {
    package static let function = NetworkFunction.application
    package static let code: UInt8 = 0x37
    package static let name = "get system GUID"
    package static let privilege = PrivilegeLevel.user
    package static let isOptional = true

    package init() {}

    /// The UUID, in whatever byte order the BMC has chosen (IPMI v2.0 22.14, table 22-17).
    package struct Response: WireValue {
        /// 16 bytes, as they travel.
        package var bytes: [UInt8]

        package init(bytes: [UInt8]) {
            self.bytes = bytes
        }

        /// - Parameter uuid: 16 bytes as they are written (RFC 9562, section 4).
        package init(uuid: [UInt8], in order: Order) {
            bytes = order.swapped(uuid)
        }

        /// The UUID's 16 bytes as they are written, if `order` is the BMC's.
        package func uuid(in order: Order) -> [UInt8] {
            order.swapped(bytes)
        }

        package static func read(
            from buffer: inout ByteBuffer
        ) throws(IPMIWireError) -> Response {
            Response(bytes: try buffer.takeBytes("GUID", count: 16))
        }

        package func write(into buffer: inout ByteBuffer) {
            buffer.writeBytes(bytes)
        }
    }

    /// In which order a UUID's bytes travel.
    package enum Order: Hashable, Sendable, CaseIterable {
        /// The first three fields least significant byte first (DSP0134 7.2.1).
        case smbios
        /// As the UUID is written (RFC 9562, section 4).
        case network
        /// All from the last to the first (IPMI v2.0 20.8, table 20-10).
        case ipmi

        // Each of them is its own inverse.
        fileprivate func swapped(_ bytes: [UInt8]) -> [UInt8] {
            guard bytes.count == 16 else { return bytes }
            return switch self {
            case .smbios:
                bytes[0..<4].reversed() + bytes[4..<6].reversed() + bytes[6..<8].reversed()
                    + bytes[8...]
            case .network: bytes
            case .ipmi: bytes.reversed()
            }
        }
    }
}
