internal import NIOCore
internal import NIOHTTP1
internal import NIOTLS

/// The HTTP side of one connection to a BMC: collects a request, has it dealt with, writes what
/// goes out. The pipeline before it lets one request through at a time.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        case idle
        case receiving(HTTPRequestHead, ByteBuffer?)
        /// Refused before its end; what still comes is thrown away.
        case discarding
    }

    private var state = State.idle
    private let bmc: SimulatedBMC
    private let bodyLimit: Int
    private var requests = 0

    init(bmc: SimulatedBMC) {
        self.bmc = bmc
        bodyLimit = bmc.settings.configuration.maximumBodySize
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            state = .receiving(head, nil)
            let announced = head.headers.first(name: "Content-Length").flatMap { Int($0) } ?? 0
            if announced > bodyLimit { refuse(context, head) }
        case .body(let part):
            take(part, context)
        case .end:
            guard case .receiving(let head, let body) = state else {
                context.close(promise: nil)
                return
            }
            state = .idle
            dispatch(head, body, context.channel)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted = event as? TLSUserEvent {
            bmc.withWire { $0.statistics.handshakes += 1 }
        }
        context.fireUserInboundEventTriggered(event)
    }

    // A client that went away, or a failed handshake: nobody is left to tell.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func take(_ part: ByteBuffer, _ context: ChannelHandlerContext) {
        guard case .receiving(let head, let earlier) = state else { return }
        var body = earlier ?? ByteBuffer()
        guard body.readableBytes + part.readableBytes <= bodyLimit else {
            refuse(context, head)
            return
        }
        body.writeImmutableBuffer(part)
        state = .receiving(head, body)
    }

    private func refuse(_ context: ChannelHandlerContext, _ head: HTTPRequestHead) {
        state = .discarding
        let answer = Refusal.tooLarge(limit: bodyLimit).answer()
        AnswerWriter(head: head, keepsAlive: false).write(answer, to: context.channel)
    }

    private func dispatch(_ head: HTTPRequestHead, _ body: ByteBuffer?, _ channel: any Channel) {
        requests += 1
        if requests > 1 {
            let dialects = bmc.dialects
            if dialects.contains(.closesSecond) { return channel.close(promise: nil) }
            if dialects.contains(.muteSecond) { return }
            let last = AnswerWriter(head: head, keepsAlive: false)
            if dialects.contains(.garblesSecond) {
                return last.writeRaw([0x15, 0x03, 0x01, 0x0D, 0x0A, 0x0D, 0x0A], to: channel)
            }
            if dialects.contains(.refusesSecond) {
                return last.write(SimulatedAnswer(status: 400), to: channel)
            }
        }
        let writer = AnswerWriter(head: head, keepsAlive: head.isKeepAlive)
        let bmc = bmc
        let lastEventID = head.headers.first(name: "Last-Event-ID")
        bmc.receive(SimulatedRequest(bmc: bmc.index, head: head, body: body)) { outcome in
            channel.eventLoop.execute {
                switch outcome {
                case .answer(let answer) where answer.opensEventStream:
                    writer.beginEvents(answer, on: channel)
                    bmc.beginEvents(on: channel, after: lastEventID)
                case .answer(let answer): writer.write(answer, to: channel)
                case .drop: channel.close(promise: nil)
                case .garbage(let bytes): writer.writeRaw(bytes, to: channel)
                case .silence: return
                }
                bmc.noteFinished()
            }
        }
    }
}
