internal import Core

/// What a state of a sensor means to a person.
struct EventMeaning: Hashable, Sendable {
    /// `power supply failure detected`
    let text: String
    /// How bad it is that the state holds; `ok` for what is normal or tells of something else.
    let health: Health

    static func normal(_ text: String) -> EventMeaning { EventMeaning(text: text, health: .ok) }
    static func bad(_ text: String) -> EventMeaning { EventMeaning(text: text, health: .warning) }
    static func worst(_ text: String) -> EventMeaning {
        EventMeaning(text: text, health: .critical)
    }
}
