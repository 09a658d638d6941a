import Core

/// Why a command that was typed right came to nothing. (A `ValidationError` is shown with the usage.)
struct CommandError: Error, CustomStringConvertible {
    /// One line: what others wrote in it begins none.
    let description: String

    init(description: String) {
        self.description = description.printable
    }
}
