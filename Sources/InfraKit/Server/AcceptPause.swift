internal import Logging
internal import NIOCore
internal import SystemLimits

/// Rests for a moment where the system has no descriptor or memory for one more connection: who waits
/// to be accepted would be tried again at once, and again, at full load.
final class AcceptPause: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = any Channel
    typealias OutboundIn = Never

    /// How long nobody is accepted then.
    static let pause = TimeAmount.seconds(1)

    private let logger: Logger
    private var isResting = false
    private var isTold = false

    init(logger: Logger) {
        self.logger = logger
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let number = (error as? IOError)?.errnoCode, OwnShortage.isMeant(by: number) else {
            context.fireErrorCaught(error)
            return
        }
        if !isTold {
            isTold = true
            logger.error("this machine lacks what it takes to accept clients; they wait: \(error)")
        }
        guard !isResting else { return }
        isResting = true
        setReading(false, context)
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.pause) {
            self.isResting = false
            self.setReading(true, context)
        }
    }

    // After such an error NIO 2.101 goes on to watch the socket, even if nobody wants to read.
    private func setReading(_ isOn: Bool, _ context: ChannelHandlerContext) {
        do {
            try context.channel.syncOptions?.setOption(.autoRead, value: isOn)
        } catch {
            logger.debug("the server's socket is closed: \(error)")
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isTold {
            isTold = false
            logger.notice("clients are accepted again")
        }
        context.fireChannelRead(data)
    }

    func read(context: ChannelHandlerContext) {
        // The end of the rest is the next attempt.
        if !isResting { context.read() }
    }
}
