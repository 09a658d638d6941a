/// A user that a peer's BMC knows, or does not.
struct IPMIUser: Sendable {
    let name: String
    let password: String

    static let administrator = IPMIUser(name: "admin", password: "interop-hush")
    /// May do no more than operate.
    static let `operator` = IPMIUser(name: "operator", password: "operator-hush")
    /// May do no more than look.
    static let watcher = IPMIUser(name: "watcher", password: "watcher-hush")
}
