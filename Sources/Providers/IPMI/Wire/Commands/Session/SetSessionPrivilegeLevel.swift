package import NIOCore

/// Raises the session to what it was opened for, since it begins at the user level, or asks what
/// level it has (IPMI v2.0 22.18).
package struct SetSessionPrivilegeLevel: IPMICommand {
    package static let function = NetworkFunction.application
    package static let code: UInt8 = 0x3B
    package static let name = "set session privilege level"
    package static let privilege = PrivilegeLevel.user

    /// The user may not have the level.
    package static let levelNotAvailable = CompletionCode(rawValue: 0x80)
    /// The user or the channel is limited to less.
    package static let levelExceedsLimit = CompletionCode(rawValue: 0x81)
    /// User level authentication can't be turned off.
    package static let authenticationStaysOn = CompletionCode(rawValue: 0x82)

    /// Nil changes nothing, and asks for the present one.
    package var level: PrivilegeLevel?

    package init(level: PrivilegeLevel?) {
        self.level = level
    }

    package static func read(
        from buffer: inout ByteBuffer
    ) throws(IPMIWireError) -> SetSessionPrivilegeLevel {
        let byte: UInt8 = try buffer.take("privilege level")
        guard byte & 0x0F != 0 else { return SetSessionPrivilegeLevel(level: nil) }
        guard let level = PrivilegeLevel(rawValue: byte & 0x0F) else {
            throw .invalid("privilege level")
        }
        return SetSessionPrivilegeLevel(level: level)
    }

    package func write(into buffer: inout ByteBuffer) {
        buffer.writeInteger(level?.rawValue ?? 0)
    }

    package struct Response: WireValue {
        /// The level that the session has now; an OEM's own level is nil.
        package var level: PrivilegeLevel?

        package init(level: PrivilegeLevel?) {
            self.level = level
        }

        package static func read(
            from buffer: inout ByteBuffer
        ) throws(IPMIWireError) -> Response {
            let byte: UInt8 = try buffer.take("privilege level")
            return Response(level: PrivilegeLevel(rawValue: byte & 0x0F))
        }

        package func write(into buffer: inout ByteBuffer) {
            buffer.writeInteger(level?.rawValue ?? 0)
        }
    }
}
