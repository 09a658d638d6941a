/// Why a command that was typed right came to nothing. (A `ValidationError` is shown with the usage.)
struct CommandError: Error, CustomStringConvertible {
    let description: String
}
