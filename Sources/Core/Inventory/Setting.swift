/// What an inventory says about one key.
enum Setting<Value: Sendable>: Sendable {
    case absent
    /// Something is there, and its mistake has been reported.
    case faulty
    case given(Value)

    var value: Value? {
        if case .given(let value) = self { value } else { nil }
    }

    var isAbsent: Bool {
        if case .absent = self { true } else { false }
    }

    /// This setting if anything is there, else the other.
    func or(_ fallback: Setting) -> Setting {
        if case .absent = self { fallback } else { self }
    }
}
