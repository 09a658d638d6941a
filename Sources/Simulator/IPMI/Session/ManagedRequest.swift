internal import IPMIWire
internal import NIOCore

/// A command as it came, of whatever network function: the managed end refuses what it does not
/// know, and does not fall silent (IPMI v2.0 13.8).
struct ManagedRequest: Hashable, Sendable {
    let function: UInt8
    let lun: UInt8
    let command: UInt8
    let sequence: UInt8
    let data: [UInt8]

    /// Takes the whole of `message`.
    /// - Throws: if it is no request to the BMC.
    init(_ message: [UInt8]) throws(IPMIWireError) {
        var buffer = ByteBuffer(bytes: message)
        let message = try LANMessage.read(from: &buffer)
        guard message.destination == LANRequest.bmcAddress else {
            throw .invalid("responder's address")
        }
        guard message.function & 1 == 0 else { throw .invalid("network function") }
        function = message.function
        lun = message.lun
        command = message.command
        sequence = message.sequence
        data = message.data
    }

    /// The answer as a message.
    func answer(_ code: CompletionCode, _ data: [UInt8]) -> [UInt8] {
        let head = [LANRequest.consoleAddress, (function | 1) << 2]
        let body =
            [LANRequest.bmcAddress, sequence << 2 | lun & 0x03, command, code.rawValue] + data
        return head + [checksum(head)] + body + [checksum(body)]
    }
}
