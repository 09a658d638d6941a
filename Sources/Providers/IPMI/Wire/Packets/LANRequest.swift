package import NIOCore

/// A command to the BMC, as it travels inside a session (IPMI v2.0 13.8, LAN message format).
package struct LANRequest: Hashable, Sendable {
    /// The BMC's slave address and LUN (IPMI v2.0 5.5).
    package static let bmcAddress: UInt8 = 0x20
    /// The remote console's software ID (IPMI v2.0 5.5, table 5-4).
    package static let consoleAddress: UInt8 = 0x81

    package var function: NetworkFunction
    /// The logical unit of the BMC; 2 bits (IPMI v2.0 7.2).
    package var lun: UInt8
    package var command: UInt8
    /// 6 bits; comes back in the response.
    package var sequence: UInt8
    package var data: [UInt8]

    package init(
        function: NetworkFunction, lun: UInt8 = 0, command: UInt8, sequence: UInt8, data: [UInt8]
    ) {
        self.lun = lun
        self.function = function
        self.command = command
        self.sequence = sequence
        self.data = data
    }

    package func write(into buffer: inout ByteBuffer) {
        let head = [Self.bmcAddress, function.rawValue << 2 | lun & 0x03]
        let body = [Self.consoleAddress, sequence << 2, command] + data
        buffer.writeBytes(head + [checksum(head)] + body + [checksum(body)])
    }

    package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> LANRequest {
        let message = try LANMessage.read(from: &buffer)
        guard message.destination == bmcAddress else { throw .invalid("responder's address") }
        guard let function = NetworkFunction(rawValue: message.function) else {
            throw .invalid("network function")
        }
        return LANRequest(
            function: function, lun: message.lun, command: message.command,
            sequence: message.sequence,
            data: message.data)
    }
}
