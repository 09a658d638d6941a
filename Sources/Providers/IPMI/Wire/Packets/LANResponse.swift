package import NIOCore

/// The BMC's answer to a ``LANRequest`` (IPMI v2.0 13.8, LAN message format).
package struct LANResponse: Hashable, Sendable {
    package var function: NetworkFunction
    package var command: UInt8
    /// The request's.
    package var sequence: UInt8
    package var code: CompletionCode
    /// What follows the completion code.
    package var data: [UInt8]

    package init(
        function: NetworkFunction, command: UInt8, sequence: UInt8, code: CompletionCode,
        data: [UInt8]
    ) {
        self.function = function
        self.command = command
        self.sequence = sequence
        self.code = code
        self.data = data
    }

    /// Whether this is the answer to `request`.
    package func answers(_ request: LANRequest) -> Bool {
        function == request.function && command == request.command
            && sequence == request.sequence
    }

    package func write(into buffer: inout ByteBuffer) {
        let head = [LANRequest.consoleAddress, (function.rawValue | 1) << 2]
        let body = [LANRequest.bmcAddress, sequence << 2, command, code.rawValue] + data
        buffer.writeBytes(head + [checksum(head)] + body + [checksum(body)])
    }

    /// - Parameter isProtected: whether the checksums need not be right: see ``LANMessage``.
    package static func read(
        from buffer: inout ByteBuffer, isProtected: Bool = false
    ) throws(IPMIWireError) -> LANResponse {
        let message = try LANMessage.read(from: &buffer, isProtected: isProtected)
        guard message.function & 1 == 1,
            let function = NetworkFunction(rawValue: message.function & ~1)
        else { throw .invalid("network function") }
        guard let code = message.data.first else { throw .truncated("completion code") }
        return LANResponse(
            function: function, command: message.command, sequence: message.sequence,
            code: CompletionCode(rawValue: code), data: Array(message.data.dropFirst()))
    }
}
