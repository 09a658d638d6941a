package import NIOCore

/// Ends a session, the own one or with administrator privilege another's (IPMI v2.0 22.19).
package struct CloseSession: IPMICommand {
    package static let function = NetworkFunction.application
    package static let code: UInt8 = 0x3C
    package static let name = "close session"
    package static let privilege = PrivilegeLevel.callback

    /// There is no such session.
    package static let unknownSession = CompletionCode(rawValue: 0x87)
    /// There is no session with this handle.
    package static let unknownHandle = CompletionCode(rawValue: 0x88)

    package enum Target: Hashable, Sendable {
        /// The ID by which the BMC knows the session; not 0.
        case session(UInt32)
        /// The handle by which Get Session Info lists it.
        case handle(UInt8)
    }

    package var target: Target

    package init(target: Target) {
        self.target = target
    }

    package typealias Response = Nothing

    package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> CloseSession {
        let id: UInt32 = try buffer.take("session ID")
        guard id == 0 else { return CloseSession(target: .session(id)) }
        return CloseSession(target: .handle(try buffer.take("session handle")))
    }

    package func write(into buffer: inout ByteBuffer) {
        switch target {
        case .session(let id):
            buffer.put(id)
        case .handle(let handle):
            buffer.put(UInt32(0))
            buffer.writeInteger(handle)
        }
    }
}
