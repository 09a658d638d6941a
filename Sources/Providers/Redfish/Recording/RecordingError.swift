/// Why a service could not be recorded.
public struct RecordingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was tried, what came of it and what to do.
    public let message: String

    init(_ message: String) {
        self.message = message
    }

    public var description: String { message }
}
