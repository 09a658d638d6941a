/// Why a text with ranges can't be expanded, and where.
public struct HostListError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The place of the fault, in Unicode scalars from 1.
    public let character: Int
    /// What is wrong; it quotes no more of the text than the bracket.
    public let message: String

    init(character: Int, message: String) {
        self.character = character
        self.message = message
    }

    public var description: String { "character \(character): \(message)" }
}
