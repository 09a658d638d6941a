internal import Foundation
internal import Locking

/// An HTTP/1.1 client over libcurl's multi interface: one thread drives all transfers, callers
/// await.
///
/// Connections and TLS sessions are kept for reuse. No redirect is followed, no proxy, `.netrc` or
/// cookie is used, and servers' certificates are verified unless the request says otherwise. A request that cannot be
/// repeated safely is never sent twice. While nothing is in flight the thread sleeps.
public final class HTTPClient: Sendable {
    /// Answers a request in place of a server.
    package typealias Responder =
        @Sendable (HTTPRequest) async throws(HTTPError) -> HTTPResponse

    private let mailbox: Mailbox
    private let responder: Responder?
    private let lastID = Atomic<UInt64>(0)

    public init(configuration: Configuration = .init()) {
        let mailbox = Mailbox()
        self.mailbox = mailbox
        responder = nil
        Thread { TransferLoop.run(mailbox: mailbox, configuration: configuration) }.start()
    }

    /// A client whose requests go nowhere: `responder` answers them. It cannot stream.
    package init(responder: @escaping Responder) {
        mailbox = Mailbox()
        self.responder = responder
        mailbox.close()
    }

    deinit {
        mailbox.close()
    }

    /// Sends a request and returns what the server answered, whatever its status.
    ///
    /// Cancelling the calling task aborts the exchange and closes its connection.
    /// - Throws: ``HTTPError``; its `mayHaveBeenSent` tells whether the server may have acted.
    public func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        if let responder { return try await responder(request) }
        return try await submit(request, id: nextID)
    }

    /// Sends a request and returns once the header of the answer is there; the body is read while
    /// it comes. Nothing is repeated or undone by itself when the connection breaks.
    ///
    /// The request's `timeout` bounds the wait for the header, its `stallTimeout` (nil: none) the
    /// silences after it; `maximumBodyBytes` does not count.
    /// - Parameter maximumBufferedBytes: how much of the body waits for the reader before the
    ///   server is made to wait, at least 16 KiB.
    /// - Throws: ``HTTPError``, as ``send(_:)`` does.
    public func stream(
        _ request: HTTPRequest, maximumBufferedBytes: Int = 256 << 10
    ) async throws(HTTPError) -> HTTPResponseStream {
        let id = nextID
        let channel = BodyChannel(capacity: maximumBufferedBytes)
        let lease = StreamLease(id: id, channel: channel, mailbox: mailbox)
        let head = try await submit(request, id: id, channel: channel)
        return HTTPResponseStream(head, HTTPBodyStream(lease))
    }

    /// The certificate that the request's server shows, whether anybody vouches for it or not. The
    /// connection is closed after the handshake: nothing of the request is sent.
    /// - Throws: ``HTTPError``, if there is no connection or no handshake.
    public func certificate(
        ofServerFor request: HTTPRequest
    ) async throws(HTTPError) -> ServerCertificate {
        guard request.origin?.hasPrefix("https:") == true else {
            throw HTTPError(.invalidRequest, "without TLS there is no certificate")
        }
        var probe = HTTPRequest(
            url: request.url, connectTimeout: request.connectTimeout,
            timeout: request.connectTimeout)
        probe.unixSocketPath = request.unixSocketPath
        // No certificate has an empty digest, so each is refused and told of.
        probe.trust = .certificate(sha256: [])
        do throws(HTTPError) {
            _ = try await send(probe)
        } catch {
            if let certificate = error.certificate { return certificate }
            throw error
        }
        throw HTTPError(.tls, "the server shows no certificate")
    }

    private var nextID: UInt64 { lastID.add(1, ordering: .relaxed).newValue }

    private func submit(
        _ request: HTTPRequest, id: UInt64, channel: BodyChannel? = nil
    ) async throws(HTTPError) -> HTTPResponse {
        if let fault = request.fault { throw HTTPError(.invalidRequest, fault) }
        if Task.isCancelled { throw .neverSent }
        let mailbox = mailbox
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let submission = Submission(
                    id: id, request: request, continuation: continuation, channel: channel)
                if let closed = mailbox.post(.start(submission)) {
                    continuation.resume(returning: .failure(closed))
                } else if Task.isCancelled {
                    // The handler may have run before there was something to cancel.
                    _ = mailbox.post(.cancel(id))
                }
            }
        } onCancel: {
            _ = mailbox.post(.cancel(id))
        }
        return try outcome.get()
    }

    /// Aborts what runs and ends the thread; every later request fails with
    /// ``HTTPError/Kind/shutdown``.
    public func shutdown() {
        mailbox.close()
    }
}

extension HTTPClient {
    /// How much a client holds on to.
    public struct Configuration: Sendable {
        /// How many connections stay open, in use or idle; beyond it the one idle longest closes.
        /// A TLS connection takes about 50 KiB.
        public var connectionCacheSize: Int
        /// How many connections may be open at one time, streams included; a request beyond them
        /// waits for its turn, and its limits of time begin with it. It bounds the client's
        /// descriptors but for those of ``maximumConnecting`` look-ups of names, which take up to
        /// four each while they last (a pair of libcurl's, and the resolver's own).
        public var maximumConnections: Int
        /// How many servers' TLS sessions are kept. One takes about 15 KiB.
        public var sessionCacheSize: Int
        /// How many requests may look for a connection at the same time; the others wait for their
        /// turn, and their limits of time begin with it. One that has found none after half a
        /// second no longer counts.
        public var maximumConnecting: Int

        public init(
            connectionCacheSize: Int = 512, sessionCacheSize: Int = 1024,
            maximumConnecting: Int = 128, maximumConnections: Int = .max
        ) {
            self.maximumConnections = maximumConnections
            self.connectionCacheSize = connectionCacheSize
            self.sessionCacheSize = sessionCacheSize
            self.maximumConnecting = maximumConnecting
        }
    }
}

extension HTTPError {
    static let neverSent = HTTPError(.cancelled, "cancelled before it was sent")
}
