internal import Logging
internal import NIOCore
internal import NIOHTTP1

/// Closes the connection of a client that takes too long to send a request or to read an answer, or
/// whose request's head has no end, so that it costs no more than its own connection for a while,
/// and that while no other client needs it: see ``ClientRegister``.
///
/// Hummingbird 2.28 closes what is silent between requests and within one; what drips is never
/// silent, and an answer that is not read is waited for without end.
final class ClientLimits: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    private let settings: Settings
    private let register: ClientRegister
    private let logger: Logger
    private var progress = RequestProgress()
    /// Whether the register knows the connection as one that waits for its client.
    private var isKnownToWait = true
    private var pendingWrites = 0
    private var requestTimer: Scheduled<Void>?
    private var answerTimer: Scheduled<Void>?
    private var context: ChannelHandlerContext?

    struct Settings {
        /// From a request's first byte to its last, while no earlier one is being worked on.
        var request: TimeAmount
        /// From the first byte that the client doesn't take to when it has taken all.
        var answer: TimeAmount
        /// The size of a request's line and header fields in bytes.
        var maximumHeadSize: Int
    }

    init(_ settings: Settings, _ register: ClientRegister, logger: Logger) {
        self.settings = settings
        self.register = register
        self.logger = logger
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func channelActive(context: ChannelHandlerContext) {
        let (loop, bound) = (context.eventLoop, NIOLoopBound(self, eventLoop: context.eventLoop))
        let isWelcome = register.enter(
            ObjectIdentifier(self), from: context.channel.remoteAddress?.ipAddress
        ) { loop.execute { bound.value.close("kept us waiting longest, and others came") } }
        guard isWelcome else { return close("has too many connections whose calls are worked on") }
        context.fireChannelActive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { forget() }

    func channelInactive(context: ChannelHandlerContext) {
        forget()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        progress.receive(unwrapInboundIn(data).readableBytes)
        // The parts of the request are told of meanwhile.
        context.fireChannelRead(data)
        if progress.headSize > settings.maximumHeadSize {
            close("sent more than \(settings.maximumHeadSize) bytes before the end of a head")
        }
        update()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let promise = promise ?? context.eventLoop.makePromise()
        pendingWrites += 1
        if answerTimer == nil {
            answerTimer = schedule(settings.answer) { $0.close("did not read its answer in time") }
        }
        promise.futureResult.assumeIsolated().whenComplete { _ in
            self.pendingWrites -= 1
            guard self.pendingWrites == 0 else { return }
            self.answerTimer?.cancel()
            self.answerTimer = nil
        }
        context.write(data, promise: promise)
    }

    private func update() {
        if progress.isClientsTurn != isKnownToWait {
            isKnownToWait = progress.isClientsTurn
            register.note(ObjectIdentifier(self), awaitsClient: isKnownToWait)
        }
        if !progress.awaitsClient {
            requestTimer?.cancel()
            requestTimer = nil
        } else if requestTimer == nil {
            requestTimer = schedule(settings.request) {
                $0.close("did not send its request in time")
            }
        }
    }

    private func schedule(
        _ limit: TimeAmount, _ body: @escaping (ClientLimits) -> Void
    ) -> Scheduled<Void>? {
        context?.eventLoop.assumeIsolated().scheduleTask(in: limit) { body(self) }
    }

    private func close(_ reason: String) {
        guard let context else { return }
        logger.debug("closed a connection: the client \(reason)")
        // From here, so that nothing that was written is waited for.
        context.close(promise: nil)
    }

    private func forget() {
        register.leave(ObjectIdentifier(self))
        requestTimer?.cancel()
        answerTimer?.cancel()
        (requestTimer, answerTimer, context) = (nil, nil, nil)
    }
}

// MARK: - The parts of requests and answers

extension ClientLimits {
    /// Tells of the parts from where bytes have become parts.
    final class Parts: ChannelDuplexHandler, RemovableChannelHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias InboundOut = HTTPServerRequestPart
        typealias OutboundIn = HTTPServerResponsePart
        typealias OutboundOut = HTTPServerResponsePart

        private let limits: ClientLimits

        init(_ limits: ClientLimits) {
            self.limits = limits
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head: limits.progress.headEnded()
            case .body: break
            case .end:
                limits.progress.requestEnded()
                limits.update()
            }
            context.fireChannelRead(data)
        }

        func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
            if case .end = unwrapOutboundIn(data) {
                limits.progress.answerEnded()
                limits.update()
            }
            context.write(data, promise: promise)
        }
    }

    /// Puts limits into the pipeline of an HTTP server that it is added to.
    final class Installer: ChannelInboundHandler, RemovableChannelHandler {
        typealias InboundIn = Any

        private let settings: Settings
        private let register: ClientRegister
        private let door: (TCPDoor, DoorLog)?
        private let logger: Logger

        /// - Parameter door: what requests are asked for first; nil: nothing.
        init(
            _ settings: Settings, register: ClientRegister, door: (TCPDoor, DoorLog)? = nil,
            logger: Logger
        ) {
            self.settings = settings
            self.register = register
            self.door = door
            self.logger = logger
        }

        func handlerAdded(context: ChannelHandlerContext) {
            let pipeline = context.pipeline.syncOperations
            do {
                let decoder = try pipeline.handler(
                    type: ByteToMessageHandler<HTTPRequestDecoder>.self)
                let limits = ClientLimits(settings, register, logger: logger)
                try pipeline.addHandler(Parts(limits), position: .after(decoder))
                if let (door, log) = door {
                    try pipeline.addHandler(DoorHandler(door, log: log), position: .after(decoder))
                }
                try pipeline.addHandler(limits, position: .first)
            } catch {
                logger.error("a connection without limits is not served: \(error)")
                context.close(promise: nil)
            }
        }
    }
}
