/// Why a spec's `Properties` are not acceptable: every mistake with its path.
public struct SpecError: Error, Sendable, Hashable, CustomStringConvertible {
    public let mistakes: [String]

    public var description: String { mistakes.joined(separator: "; ") }
}

extension SpecProperties {
    /// Reads the spec's `Properties`; `null` stands for no wishes.
    /// - Throws: ``SpecError`` with all mistakes: unknown keys, each with the nearest known one,
    ///   wrong types and values.
    public init(parsing properties: JSON) throws(SpecError) {
        var reader = PropertiesReader()
        let parsed = reader.properties(properties)
        guard reader.mistakes.isEmpty else { throw SpecError(mistakes: reader.mistakes) }
        self = parsed
    }
}
