/// Hands an answer to whoever waits for it, as a whole or as it comes. Used on the loop's thread.
final class AnswerReceiver {
    private var continuation: CheckedContinuation<Result<HTTPResponse, HTTPError>, Never>?
    private let channel: BodyChannel?

    init(
        _ continuation: CheckedContinuation<Result<HTTPResponse, HTTPError>, Never>,
        _ channel: BodyChannel?
    ) {
        self.continuation = continuation
        self.channel = channel
    }

    var isStreamed: Bool { channel != nil }

    /// The head of a streamed answer is there.
    func begin(_ head: HTTPResponse) {
        take()?.resume(returning: .success(head))
    }

    /// False if the bytes of a streamed answer have to wait.
    func stream(_ bytes: UnsafeRawBufferPointer) -> Bool { channel?.offer(bytes) ?? true }

    func complete(_ response: HTTPResponse) {
        take()?.resume(returning: .success(response))
        channel?.end(nil)
    }

    func fail(_ error: HTTPError) {
        take()?.resume(returning: .failure(error))
        channel?.end(error)
    }

    private func take() -> CheckedContinuation<Result<HTTPResponse, HTTPError>, Never>? {
        defer { continuation = nil }
        return continuation
    }
}
