/// A request on its way to the transfer loop, and the caller that waits for it.
struct Submission: Sendable {
    let id: UInt64
    let request: HTTPRequest
    /// Gets the answer; of a streamed one the head, without a body.
    let continuation: CheckedContinuation<Result<HTTPResponse, HTTPError>, Never>
    /// Where the body goes if the answer is streamed.
    var channel: BodyChannel?
}
