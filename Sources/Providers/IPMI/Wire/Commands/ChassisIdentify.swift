package import NIOCore

/// Has the chassis show itself, mostly by a light (IPMI v2.0 28.5).
package struct ChassisIdentify: IPMICommand {
    package static let function = NetworkFunction.chassis
    package static let code: UInt8 = 0x04
    package static let name = "chassis identify"
    package static let privilege = PrivilegeLevel.operator

    /// For how long.
    package var span: Span

    package init(_ span: Span) {
        self.span = span
    }

    package typealias Response = Nothing

    /// How long a chassis shows itself (IPMI v2.0 28.5, table 28-6).
    package enum Span: Hashable, Sendable {
        /// The BMC's choice, 15 s if it follows the specification.
        case standard
        /// For so many seconds; 0 turns it off.
        case seconds(UInt8)
        /// Until it is turned off. BMCs before IPMI v2.0 don't know it.
        case indefinite
    }

    package static func read(
        from buffer: inout ByteBuffer
    ) throws(IPMIWireError) -> ChassisIdentify {
        guard let seconds = buffer.readInteger(as: UInt8.self) else {
            return ChassisIdentify(.standard)
        }
        let force = buffer.readInteger(as: UInt8.self) ?? 0
        return ChassisIdentify(force & 0x01 == 0 ? .seconds(seconds) : .indefinite)
    }

    package func write(into buffer: inout ByteBuffer) {
        switch span {
        case .standard: break
        case .seconds(let seconds): buffer.put(seconds)
        case .indefinite: buffer.writeBytes([0, 1])
        }
    }
}
