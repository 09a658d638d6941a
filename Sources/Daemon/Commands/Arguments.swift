import ArgumentParser
import Core
import Logging

/// A duration on the command line: `500ms`, `30s`, `5m`.
struct DurationArgument: ExpressibleByArgument, Sendable {
    let duration: Duration

    init(_ duration: Duration) {
        self.duration = duration
    }

    init?(argument: String) {
        guard let duration = Duration(text: argument) else { return nil }
        self.duration = duration
    }

    var defaultValueDescription: String { duration.text }
}

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

/// A host and a port on the command line: `127.0.0.1:24864`, `[::1]:24864`.
struct HostPortArgument: ExpressibleByArgument, Sendable {
    let host: String
    let port: Int

    init?(argument: String) {
        guard let colon = argument.lastIndex(of: ":"),
            let port = Int(argument[argument.index(after: colon)...]), (0...65535).contains(port)
        else { return nil }
        var host = argument[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty else { return nil }
        self.host = String(host)
        self.port = port
    }
}

/// A share on the command line: `40%` or `40`.
struct PercentArgument: ExpressibleByArgument, Sendable {
    let percent: Double

    init(_ percent: Double) {
        self.percent = percent
    }

    init?(argument: String) {
        let number = argument.hasSuffix("%") ? String(argument.dropLast()) : argument
        guard let percent = Double(number), percent > 0, percent <= 100 else { return nil }
        self.percent = percent
    }

    var defaultValueDescription: String { "\(Int(percent))%" }
}
