/// An answer whose body is read while it comes: server-sent events, for one.
public struct HTTPResponseStream: Sendable {
    public let status: Int
    public let headers: HTTPHeaders
    /// May be read once, by one task at a time. When the last copy of it and of its iterator is
    /// gone, the exchange ends and its connection closes.
    public let body: HTTPBodyStream

    init(_ head: HTTPResponse, _ body: HTTPBodyStream) {
        status = head.status
        headers = head.headers
        self.body = body
    }
}

/// The bytes of a body as they arrive, in pieces of any size; a piece is never empty and ends
/// anywhere, even inside a character.
///
/// What the reader has not taken is held up to a bound; beyond it the server is made to wait.
/// Cancelling the reading task ends the exchange and throws ``HTTPError/Kind/cancelled``.
public struct HTTPBodyStream: AsyncSequence, Sendable {
    public typealias Element = [UInt8]
    public typealias Failure = HTTPError

    private let lease: StreamLease

    init(_ lease: StreamLease) {
        self.lease = lease
    }

    public func makeAsyncIterator() -> Iterator { Iterator(lease: lease) }

    public struct Iterator: AsyncIteratorProtocol {
        let lease: StreamLease

        /// The next piece; nil at the body's end.
        public mutating func next() async throws(HTTPError) -> [UInt8]? {
            try await lease.next()
        }

        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(HTTPError) -> [UInt8]? {
            try await lease.next()
        }
    }

    /// The rest of the body in one piece.
    /// - Parameter maximumBytes: a longer one fails with ``HTTPError/Kind/tooLarge``.
    public func collected(maximumBytes: Int) async throws(HTTPError) -> [UInt8] {
        var body: [UInt8] = []
        while let piece = try await lease.next() {
            guard body.count + piece.count <= maximumBytes else {
                lease.end()
                throw HTTPError(
                    .tooLarge, "the body is longer than \(maximumBytes) bytes",
                    mayHaveBeenSent: true)
            }
            body += piece
        }
        return body
    }
}
