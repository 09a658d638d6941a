internal import CCurl
internal import Glibc
internal import Locking

/// What any thread hands to the transfer loop. Messages are taken in the order of posting.
final class Mailbox: Sendable {
    enum Message: Sendable {
        case start(Submission)
        case cancel(UInt64)
        /// The reader of a streamed body has room again.
        case unpause(UInt64)
    }

    private enum State {
        case open([Message])
        case closed(HTTPError)
    }

    /// Readable when there is something to take. -1 if it could not be made.
    let descriptor: CInt
    private let state: Mutex<State>

    init() {
        descriptor = eventfd(0, CInt(EFD_CLOEXEC) | CInt(EFD_NONBLOCK))
        state = Mutex(
            descriptor >= 0
                ? .open([]) : .closed(HTTPError(.resources, "eventfd: \(String(errno: errno))")))
    }

    deinit {
        if descriptor >= 0 { Glibc.close(descriptor) }
    }

    /// Adds a message and wakes the loop, or returns why nobody will read it.
    func post(_ message: Message) -> HTTPError? {
        let (wasEmpty, closed): (Bool, HTTPError?) = state.withLock { state in
            switch state {
            case .closed(let error): return (false, error)
            case .open(var messages):
                // Without this the array has two owners and appending copies it.
                state = .open([])
                let wasEmpty = messages.isEmpty
                messages.append(message)
                state = .open(messages)
                return (wasEmpty, nil)
            }
        }
        if wasEmpty { wake() }
        return closed
    }

    /// Takes no more messages; those that the loop has not taken yet fail.
    func close(with error: HTTPError = HTTPError(.shutdown, "the HTTP client is shut down")) {
        let untaken: [Message] = state.withLock { state in
            guard case .open(let messages) = state else { return [] }
            state = .closed(error)
            return messages
        }
        for case .start(let submission) in untaken {
            submission.continuation.resume(returning: .failure(error))
        }
        wake()
    }

    /// What was posted since the last call, or the reason for which the loop has to end.
    func take() -> Result<[Message], HTTPError> {
        state.withLock { state in
            switch state {
            case .closed(let error): return .failure(error)
            case .open(let messages):
                state = .open([])
                return .success(messages)
            }
        }
    }

    /// Makes the descriptor unreadable until the next message.
    func drain() {
        var count: UInt64 = 0
        _ = read(descriptor, &count, MemoryLayout<UInt64>.size)
    }

    private func wake() {
        guard descriptor >= 0 else { return }
        var one: UInt64 = 1
        _ = write(descriptor, &one, MemoryLayout<UInt64>.size)
    }
}
