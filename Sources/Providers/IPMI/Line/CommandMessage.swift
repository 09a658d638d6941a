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
    /// By what it is known if a BMC says nothing to it; nil for a command that every BMC knows.
    let option: Option?

    /// What a BMC may not know.
    struct Option: Hashable, Sendable {
        let function: NetworkFunction
        let code: UInt8
        let variant: UInt16
    }

    /// Whether nothing is changed by it.
    var isReading: Bool { function != .chassis || code != SetSystemBootOptions.code }

    /// Whether it is about the power, and so not to wait for what is read besides.
    var isUrgent: Bool {
        function == .chassis && [ChassisControl.code, GetChassisStatus.code].contains(code)
    }

    init<Command: IPMICommand>(_ command: Command) {
        name = Command.name
        function = Command.function
        lun = command.lun
        code = Command.code
        isRepeatable = Command.isRepeatable
        isSeenInStatus = command.isSeenInStatus
        option =
            Command.isOptional
            ? Option(function: Command.function, code: Command.code, variant: command.variant)
            : nil
        var buffer = ByteBuffer()
        command.write(into: &buffer)
        data = buffer.unread
    }

    func request(sequence: UInt8) -> LANRequest {
        LANRequest(function: function, lun: lun, command: code, sequence: sequence, data: data)
    }
}
