internal import Core

/// A part that is off with its host and said to be ill, without a cause.
struct IdlePart {
    let part: HealthPart
    /// Its place among the parts.
    let index: Int
    let health: Health
    let cause: String?
}
