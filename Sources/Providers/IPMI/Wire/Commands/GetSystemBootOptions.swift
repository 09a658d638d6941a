package import NIOCore

/// Reads one of the parameters by which the system's firmware is told how to boot (IPMI v2.0
/// 28.13).
package struct GetSystemBootOptions: IPMICommand {
    package static let function = NetworkFunction.chassis
    package static let code: UInt8 = 0x09
    package static let name = "get system boot options"
    package static let privilege = PrivilegeLevel.operator
    package static let isOptional = true

    /// Which parameter: see ``BootParameter/number``; 7 bits.
    package var number: UInt8
    /// Which set of a parameter that has several; else 0.
    package var set: UInt8
    /// Which block of a parameter that has several; else 0.
    package var block: UInt8
    package var variant: UInt16 { UInt16(number) }

    package init(_ number: UInt8, set: UInt8 = 0, block: UInt8 = 0) {
        self.number = number
        self.set = set
        self.block = block
    }

    package static func read(
        from buffer: inout ByteBuffer
    ) throws(IPMIWireError) -> GetSystemBootOptions {
        let number: UInt8 = try buffer.take("parameter selector")
        let set: UInt8 = try buffer.take("set selector")
        return GetSystemBootOptions(
            number & 0x7F, set: set, block: try buffer.take("block selector"))
    }

    package func write(into buffer: inout ByteBuffer) {
        buffer.writeBytes([number & 0x7F, set, block])
    }

    /// One parameter as it is (IPMI v2.0 28.13, table 28-13).
    package struct Response: WireValue {
        /// The version of the parameters' layout; 1, in 4 bits.
        package var version: UInt8
        /// Whether the parameter is marked as invalid, or locked.
        package var isInvalid: Bool
        /// The parameter itself.
        package var parameter: BootParameter

        package init(_ parameter: BootParameter, isInvalid: Bool = false, version: UInt8 = 1) {
            self.parameter = parameter
            self.isInvalid = isInvalid
            self.version = version
        }

        package static func read(
            from buffer: inout ByteBuffer
        ) throws(IPMIWireError) -> Response {
            let version: UInt8 = try buffer.take("parameter version")
            let selector: UInt8 = try buffer.take("parameter selector")
            return Response(
                try BootParameter.read(number: selector & 0x7F, from: &buffer),
                isInvalid: selector & 0x80 != 0, version: version & 0x0F)
        }

        package func write(into buffer: inout ByteBuffer) {
            buffer.writeBytes([
                version & 0x0F, parameter.number & 0x7F | (isInvalid ? 0x80 : 0),
            ])
            parameter.write(into: &buffer)
        }
    }
}
