internal import Foundation

/// Why a child process was of no use.
package struct ChildProcessError: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) {
        self.description = description
    }

    package init(call: String, number: CInt) {
        description = "no child process: \(call): \(String(cString: strerror(number)))"
    }
}
