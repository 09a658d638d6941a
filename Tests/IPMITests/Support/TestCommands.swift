import IPMIWire
import NIOCore

/// A command that may be repeated; the fake BMC echoes its byte.
struct Ask: IPMICommand {
    static let function = NetworkFunction.chassis
    static let code: UInt8 = 0x0B
    static let name = "ask"
    static let privilege = PrivilegeLevel.user
    typealias Response = Ask

    var byte: UInt8 = 5

    static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> Ask {
        Ask(byte: try buffer.take("byte"))
    }

    func write(into buffer: inout ByteBuffer) { buffer.writeInteger(byte) }
}

/// A command that takes effect each time, and of which another one tells whether it did.
struct Flip: IPMICommand {
    static let function = NetworkFunction.chassis
    static let code: UInt8 = 0x0C
    static let name = "flip"
    static let privilege = PrivilegeLevel.operator
    static let isRepeatable = false
    typealias Response = Nothing

    var side: UInt8 = 0
    var isSeenInStatus: Bool { true }

    static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> Flip {
        Flip(side: try buffer.take("side"))
    }

    func write(into buffer: inout ByteBuffer) { buffer.writeInteger(side) }
}

/// A command that takes effect each time.
struct Act: IPMICommand {
    static let function = NetworkFunction.chassis
    static let code: UInt8 = 0x02
    static let name = "act"
    static let privilege = PrivilegeLevel.operator
    static let isRepeatable = false
    typealias Response = Nothing

    static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> Act { Act() }

    func write(into buffer: inout ByteBuffer) {}
}

/// A command that BMCs may not know; the fake BMC echoes its byte.
struct Peek: IPMICommand {
    static let function = NetworkFunction.chassis
    static let code: UInt8 = 0x0D
    static let name = "peek"
    static let privilege = PrivilegeLevel.user
    static let isOptional = true
    typealias Response = Peek

    var byte: UInt8 = 5
    var variant: UInt16 { UInt16(byte) }

    static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> Peek {
        Peek(byte: try buffer.take("byte"))
    }

    func write(into buffer: inout ByteBuffer) { buffer.writeInteger(byte) }
}
