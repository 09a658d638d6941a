internal import Core
internal import Locking

/// The secrets that a recording is made with: the password, and the tokens of all its sessions, of
/// which there are more as it goes on.
final class SecretsSeen: Sendable {
    private struct State {
        var secrets: [Secret] = []
        var redaction = SecretRedaction()
    }

    private let state = Mutex(State())

    /// Takes out all that were seen until now.
    var redaction: SecretRedaction { state.withLock { $0.redaction } }

    func add(_ secrets: [Secret]) {
        state.withLock { state in
            let new = secrets.filter { !$0.isEmpty && !state.secrets.contains($0) }
            guard !new.isEmpty else { return }
            state.secrets += new
            state.redaction = SecretRedaction(own: state.secrets)
        }
    }
}
