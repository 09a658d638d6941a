internal import NIOCore

/// Carries datagrams between a BMC's UDP port and the BMC, over an impaired network if one is asked
/// for.
final class IPMIDatagramHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    typealias OutboundOut = AddressedEnvelope<ByteBuffer>

    private let bmc: SimulatedBMC
    private var path: ImpairedPath

    init(bmc: SimulatedBMC, path: ImpairedPath) {
        self.bmc = bmc
        self.path = path
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        travel(context) { self.deliver(envelope, context) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A console that is gone is told of by ICMP; the socket goes on.
    }

    private func deliver(
        _ envelope: AddressedEnvelope<ByteBuffer>, _ context: ChannelHandlerContext
    ) {
        guard context.channel.isActive,
            let answer = bmc.receive(datagram: Array(envelope.data.readableBytesView))
        else { return }
        travel(context) {
            guard context.channel.isActive else { return }
            let reply = AddressedEnvelope(
                remoteAddress: envelope.remoteAddress, data: ByteBuffer(bytes: answer))
            context.writeAndFlush(self.wrapOutboundOut(reply), promise: nil)
        }
    }

    private func travel(_ context: ChannelHandlerContext, _ arrive: @escaping () -> Void) {
        for delay in path.arrivals() {
            if delay <= .zero {
                arrive()
            } else {
                context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(delay), arrive)
            }
        }
    }
}
