import Core
import Foundation
import Locking
import Logging

/// Writes log lines to standard error: the seconds since start, the level, the message, then
/// the metadata. The level is coloured on a terminal.
struct ConsoleLogHandler: LogHandler {
    private static let start = ContinuousClock.now
    // One line is one write, so that lines of several threads don't mix.
    private static let output = Mutex(FileHandle.standardError)
    private static let isTerminal = isatty(STDERR_FILENO) == 1

    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    init(level: Logger.Level) {
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let members = metadata.merging(event.metadata ?? [:]) { _, last in last }
        let tail = members.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        let seconds = Double((ContinuousClock.now - Self.start).milliseconds) / 1000
        let time = String(format: "%9.3f", seconds)
        // Names, tags and BMCs' words are others': they begin no line and move no cursor.
        let text = "\(event.message)\(tail)".printable
        let line = "\(time) \(Self.label(of: event.level)) \(text)\n"
        Self.output.withLock { $0.write(Data(line.utf8)) }
    }

    private static func label(of level: Logger.Level) -> String {
        let (name, colour) =
            switch level {
            case .critical: ("CRITICAL", 35)
            case .error: ("ERROR   ", 31)
            case .warning: ("WARNING ", 33)
            case .notice: ("NOTICE  ", 36)
            case .info: ("INFO    ", 32)
            case .debug, .trace: ("DEBUG   ", 90)
            }
        return isTerminal ? "\u{1B}[\(colour)m\(name)\u{1B}[0m" : name
    }
}
