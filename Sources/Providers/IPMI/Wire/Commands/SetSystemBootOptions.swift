package import NIOCore

/// Writes one of the parameters by which the system's firmware is told how to boot (IPMI v2.0
/// 28.12).
package struct SetSystemBootOptions: IPMICommand {
    package static let function = NetworkFunction.chassis
    package static let code: UInt8 = 0x08
    package static let name = "set system boot options"
    package static let privilege = PrivilegeLevel.operator
    package static let isOptional = true

    /// What is written.
    package var parameter: BootParameter
    /// Whether the parameter is marked as invalid, and locked for others.
    package var marksInvalid: Bool
    package var variant: UInt16 { UInt16(parameter.number) }

    package init(_ parameter: BootParameter, marksInvalid: Bool = false) {
        self.parameter = parameter
        self.marksInvalid = marksInvalid
    }

    package typealias Response = Nothing

    package static func read(
        from buffer: inout ByteBuffer
    ) throws(IPMIWireError) -> SetSystemBootOptions {
        let selector: UInt8 = try buffer.take("parameter selector")
        return SetSystemBootOptions(
            try BootParameter.read(number: selector & 0x7F, from: &buffer),
            marksInvalid: selector & 0x80 != 0)
    }

    package func write(into buffer: inout ByteBuffer) {
        buffer.put(parameter.number & 0x7F | (marksInvalid ? 0x80 : 0))
        parameter.write(into: &buffer)
    }
}

extension CompletionCode {
    /// The BMC has no such boot parameter (IPMI v2.0 28.12, 28.13).
    package static let bootParameterNotSupported = CompletionCode(rawValue: 0x80)
    /// Somebody else is writing boot parameters (IPMI v2.0 28.12).
    package static let bootOptionsInProgress = CompletionCode(rawValue: 0x81)
    /// The boot parameter can only be read (IPMI v2.0 28.12).
    package static let bootParameterReadOnly = CompletionCode(rawValue: 0x82)
}
