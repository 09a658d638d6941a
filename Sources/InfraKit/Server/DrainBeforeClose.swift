internal import NIOCore

/// Lets what was written reach the client before the connection is closed.
///
/// Hummingbird 2.28 closes a connection right behind the last answer when it shuts down, or when the
/// client will send no more, and the channel drops what the socket's buffer had no room for: the end
/// of a long describe.
final class DrainBeforeClose: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = Any
    typealias OutboundIn = Any

    private let stopLimit: TimeAmount
    private var isStopping = false
    private var pendingWrites = 0
    private var waitingClose: (mode: CloseMode, promise: EventLoopPromise<Void>?)?

    /// - Parameter stopLimit: how long a client may take to read the rest when the server is being
    ///   stopped; at other times ``ClientLimits`` says how long.
    init(stopLimit: TimeAmount) {
        self.stopLimit = stopLimit
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent, !isStopping {
            isStopping = true
            if waitingClose != nil { endWaiting(context) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let promise = promise ?? context.eventLoop.makePromise()
        pendingWrites += 1
        promise.futureResult.assumeIsolated().whenComplete { _ in
            self.pendingWrites -= 1
            if self.pendingWrites == 0 { self.closeIfWaiting(context) }
        }
        context.write(data, promise: promise)
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard mode != .input, pendingWrites > 0, context.channel.isActive else {
            context.close(mode: mode, promise: promise)
            return
        }
        if let (waitingMode, waitingPromise) = waitingClose {
            // Whoever asks second waits with the first.
            waitingPromise?.futureResult.cascade(to: promise)
            waitingClose = (mode == .all ? .all : waitingMode, waitingPromise ?? promise)
            return
        }
        waitingClose = (mode, promise)
        if isStopping { endWaiting(context) }
        context.flush()
    }

    private func endWaiting(_ context: ChannelHandlerContext) {
        context.eventLoop.assumeIsolated().scheduleTask(in: stopLimit) {
            self.closeIfWaiting(context)
        }
    }

    private func closeIfWaiting(_ context: ChannelHandlerContext) {
        guard let (mode, promise) = waitingClose else { return }
        waitingClose = nil
        // With writes still pending the limit is over, and the connection goes at once.
        context.close(mode: pendingWrites == 0 ? mode : .all, promise: promise)
    }
}
