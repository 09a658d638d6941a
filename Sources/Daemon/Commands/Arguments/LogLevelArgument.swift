import ArgumentParser
import Logging

/// How much is logged: 0 critical, 1 error, 2 warning, 3 notice, 4 info, 5 debug.
struct LogLevelArgument: ExpressibleByArgument, Sendable {
    private static let levels: [Logger.Level] = [
        .critical, .error, .warning, .notice, .info, .debug,
    ]

    private let number: Int

    var level: Logger.Level { Self.levels[number] }

    init(number: Int) {
        self.number = min(max(number, 0), Self.levels.count - 1)
    }

    init?(argument: String) {
        guard let number = Int(argument), Self.levels.indices.contains(number) else { return nil }
        self.number = number
    }

    var defaultValueDescription: String { "\(number)" }

    static let help: ArgumentHelp =
        "How much to log: 0 critical, 1 error, 2 warning, 3 notice, 4 info, 5 debug."
}
