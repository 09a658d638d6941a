import Core

/// What a person is told about a freeze.
enum FreezeNotice {
    static func text(_ frozen: JSON) -> String {
        "FROZEN: \(frozen["Failing"]?.integer ?? 0) of \(frozen["Watched"]?.integer ?? 0) watched"
            + " BMCs failed within a short time; no instance is moved until a good round or"
            + " `rackpool unfreeze`"
    }
}
