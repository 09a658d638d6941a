internal import IPMIWire

/// All commands that a simulated BMC knows.
enum CommandTable {
    static func handler(of request: ManagedRequest) -> CommandHandler? {
        let isGroup = request.function == NetworkFunction.group.rawValue
        return handlers[
            CommandHandler.Key(
                function: request.function, command: request.command,
                body: isGroup ? request.data.first : nil)]
    }

    private static let handlers: [CommandHandler.Key: CommandHandler] = Dictionary(
        (SessionCommands.handlers + ChannelCommands.handlers + ControllerCommands.handlers
            + ChassisCommands.handlers + BootCommands.handlers + LogCommands.handlers
            + RecordCommands.handlers + SensorCommands.handlers)
            .map { ($0.key, $0) },
        uniquingKeysWith: { first, _ in first })
}
