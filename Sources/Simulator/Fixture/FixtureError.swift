/// Why a folder is no fixture.
public struct FixtureError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The folder or file that is at fault.
    public let place: String
    /// What is wrong with it.
    public let message: String

    init(_ place: String, _ message: String) {
        self.place = place
        self.message = message
    }

    public var description: String { "\(place): \(message)" }
}
