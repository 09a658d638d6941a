internal import NIOCore
internal import NIOHTTP1

/// Turns requests away that the door does not let in, before any of their body is kept, and with
/// them their connection.
final class DoorHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let door: TCPDoor
    private let log: DoorLog
    /// Answers that are due.
    private var owed = 0
    private var isShut = false

    init(_ door: TCPDoor, log: DoorLog) {
        self.door = door
        self.log = log
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        guard !isShut else {
            // The answer would be lost if bytes of the request were left unread (RFC 9112, 9.6).
            if case .end = part { context.close(promise: nil) }
            return
        }
        switch part {
        case .head(let head):
            if let refusal = door.refusal(of: head) { return shut(refusal, context) }
        case .body: break
        case .end: owed += 1
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { owed -= 1 }
        context.write(data, promise: promise)
    }

    private func shut(_ refusal: TCPDoor.Refusal, _ context: ChannelHandlerContext) {
        isShut = true
        log.note(refusal, from: context.remoteAddress?.ipAddress)
        // Before answers that are due it would be taken for one of them.
        guard owed == 0 else { return context.close(promise: nil) }
        let text = ByteBuffer(string: "\(refusal.message)\n")
        var headers: HTTPHeaders = [
            "Content-Type": "text/plain; charset=utf-8", "Connection": "close",
            "Content-Length": "\(text.readableBytes)",
        ]
        if refusal.status == .unauthorized {
            headers.add(name: "WWW-Authenticate", value: "Bearer")
        }
        let head = HTTPResponseHead(version: .http1_1, status: refusal.status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(text))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
