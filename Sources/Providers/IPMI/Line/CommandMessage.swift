internal import IPMIWire
internal import NIOCore

/// A command, ready to go into a session.
struct CommandMessage: Hashable, Sendable {
    let name: String
    let function: NetworkFunction
    let lun: UInt8
    let code: UInt8
    let data: [UInt8]
    let isRepeatable: Bool
    let isSeenInStatus: Bool

    init<Command: IPMICommand>(_ command: Command) {
        name = Command.name
        function = Command.function
        lun = command.lun
        code = Command.code
        isRepeatable = Command.isRepeatable
        isSeenInStatus = command.isSeenInStatus
        var buffer = ByteBuffer()
        command.write(into: &buffer)
        data = buffer.unread
    }

    func request(sequence: UInt8) -> LANRequest {
        LANRequest(function: function, lun: lun, command: code, sequence: sequence, data: data)
    }
}
