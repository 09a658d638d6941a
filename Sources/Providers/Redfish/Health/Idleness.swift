internal import Core

/// Whether a part is off, so that a bad health may be said of it for that alone.
enum Idleness: Hashable {
    case inUse
    /// It says that it is switched off.
    case off
    /// The host is off, and the part is not in use.
    case offWithHost
}

/// A part that is off with its host and said to be ill, without a cause.
struct IdlePart {
    let part: HealthPart
    /// Its place among the parts.
    let index: Int
    let health: Health
    let cause: String?
}
