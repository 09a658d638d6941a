import Foundation
import Testing

/// Other people's BMCs and consoles, installed from PyPI and Debian.
enum InteropPeers {
    /// The Python environment they are installed in; nil if there is none to test against.
    static let environment: String? = ProcessInfo.processInfo.environment["RACKPOOL_INTEROP"]
        .flatMap { $0.isEmpty ? nil : $0 }

    static let advice: Comment =
        """
        SKIPPED, nothing of others' BMCs and consoles was tried: RACKPOOL_INTEROP does not name the \
        Python environment with them; make interop installs them and runs this
        """
}
