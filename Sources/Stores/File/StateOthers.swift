internal import Core

/// Members of a state file outside of its records that another program wrote; they are kept.
struct StateOthers: Sendable, Hashable {
    /// Beside `Provider` and the arrays.
    var root: JSONObject = [:]
    /// In `Provider`.
    var provider: JSONObject = [:]
}
