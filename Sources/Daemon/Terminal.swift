import Core
import Foundation

/// What commands say to a person. What others wrote (a tag, a reason, a BMC's words) is shown as
/// the characters that it is made of: it begins no line and moves no cursor.
enum Terminal {
    /// Prints a line.
    static func say(_ line: String) {
        print(line.printable)
    }

    /// Prints a value as JSON.
    static func show(_ json: JSON) {
        print(String(decoding: json.encoded(.indented), as: UTF8.self))
    }

    /// Writes a line to standard error.
    static func complain(_ line: String) {
        FileHandle.standardError.write(Data("rackpool: \(line.printable)\n".utf8))
    }

    /// Writes an error to standard error, all its lines.
    static func complain(_ error: any Error) {
        let text = lines(of: error).joined(separator: "\n")
        FileHandle.standardError.write(Data("rackpool: \(text)\n".utf8))
    }

    /// An error's text; a list of mistakes has a line for each.
    static func lines(of error: any Error) -> [String] {
        switch error {
        case let error as InventoryError: error.mistakes.map(\.description.printable)
        case let error as InventoryFaults: error.lines.map(\.printable)
        default: ["\(error)".printable]
        }
    }
}
