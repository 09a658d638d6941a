internal import NIOCore
internal import NIOHTTP1

/// Writes the answer to one request.
struct AnswerWriter: Sendable {
    private let version: HTTPVersion
    private let isHead: Bool
    private let keepsAlive: Bool

    init(head: HTTPRequestHead, keepsAlive: Bool) {
        version = head.version
        isHead = head.method == .HEAD
        self.keepsAlive = keepsAlive
    }

    /// Has to be called on the channel's event loop.
    func write(_ answer: SimulatedAnswer, to channel: any Channel) {
        var headers = HTTPHeaders()
        headers.reserveCapacity(4 + answer.headers.count)
        headers.add(name: "OData-Version", value: "4.0")
        if let body = answer.bodyBuffer {
            if !answer.headers.contains(where: { $0.name == "Content-Type" }) {
                headers.add(name: "Content-Type", value: "application/json")
            }
            headers.add(name: "Content-Length", value: String(body.readableBytes))
        } else if answer.status != 204 {
            headers.add(name: "Content-Length", value: "0")
        }
        for (name, value) in answer.headers { headers.add(name: name, value: value) }
        if !keepsAlive { headers.add(name: "Connection", value: "close") }
        let head = HTTPResponseHead(
            version: version, status: HTTPResponseStatus(statusCode: answer.status),
            headers: headers)
        channel.write(HTTPServerResponsePart.head(head), promise: nil)
        if let body = answer.bodyBuffer, !isHead {
            channel.write(HTTPServerResponsePart.body(.byteBuffer(body)), promise: nil)
        }
        let written = channel.writeAndFlush(HTTPServerResponsePart.end(nil))
        if !keepsAlive { written.whenComplete { _ in channel.close(promise: nil) } }
    }

    /// Writes the head of an answer that events follow. Has to be called on the channel's event
    /// loop.
    func beginEvents(_ answer: SimulatedAnswer, on channel: any Channel) {
        var headers = HTTPHeaders([
            ("OData-Version", "4.0"), ("Content-Type", "text/event-stream"),
            ("Cache-Control", "no-store"),
        ])
        for (name, value) in answer.headers { headers.add(name: name, value: value) }
        let head = HTTPResponseHead(version: version, status: .ok, headers: headers)
        channel.write(HTTPServerResponsePart.head(head), promise: nil)
    }

    /// Writes bytes past the HTTP encoder and closes. Has to be called on the channel's event loop.
    func writeRaw(_ bytes: [UInt8], to channel: any Channel) {
        let encoder = try? channel.pipeline.syncOperations.context(
            handlerType: HTTPResponseEncoder.self)
        let written = encoder?.writeAndFlush(NIOAny(ByteBuffer(bytes: bytes)))
        if let written {
            written.whenComplete { _ in channel.close(promise: nil) }
        } else {
            channel.close(promise: nil)
        }
    }
}
