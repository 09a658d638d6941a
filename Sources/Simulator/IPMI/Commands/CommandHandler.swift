internal import IPMIWire
internal import NIOCore

/// What a simulated BMC does for one command.
struct CommandHandler: Sendable {
    /// By what a command is told apart.
    struct Key: Hashable, Sendable {
        let function: UInt8
        let command: UInt8
        /// The body that defines the command; nil but for ``NetworkFunction/group``.
        let body: UInt8?
    }

    /// DCMI's number among the bodies that define commands (DCMI v1.5 6.1).
    static let dcmi: UInt8 = 0xDC

    let key: Key
    let privilege: PrivilegeLevel
    /// Whether it is answered outside of sessions, too.
    var isBare = false
    let run: Run

    typealias Run =
        @Sendable ([UInt8], inout BMCState, CommandContext) throws(CommandRefusal) ->
        [UInt8]

    /// A command that a console here knows, too.
    init<Command: IPMICommand>(
        _ type: Command.Type, isBare: Bool = false,
        _ body:
            @escaping @Sendable (Command, inout BMCState, CommandContext)
            throws(CommandRefusal) -> Command.Response
    ) {
        key = Key(
            function: Command.function.rawValue, command: Command.code,
            body: Command.function == .group ? Self.dcmi : nil)
        privilege = Command.privilege
        self.isBare = isBare
        run = { (data, state, context) throws(CommandRefusal) in
            var buffer = ByteBuffer(bytes: data)
            let command: Command
            do throws(IPMIWireError) {
                command = try Command.read(from: &buffer)
            } catch {
                throw CommandRefusal(error)
            }
            var answer = ByteBuffer()
            try body(command, &state, context).write(into: &answer)
            return answer.unread
        }
    }

    /// A command that no console here sends, but other programs do.
    init(
        _ function: NetworkFunction, _ command: UInt8, privilege: PrivilegeLevel = .user,
        isBare: Bool = false, _ run: @escaping Run
    ) {
        key = Key(
            function: function.rawValue, command: command,
            body: function == .group ? Self.dcmi : nil)
        self.privilege = privilege
        self.isBare = isBare
        self.run = run
    }
}
