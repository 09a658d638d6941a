import Locking
import NIOCore
import NIOPosix

/// A ``SessionBMC`` behind a UDP socket of the loopback interface.
final class LoopbackBMC: Sendable {
    private let bmc: Mutex<SessionBMC>
    private let channel: any Channel

    private init(_ bmc: SessionBMC, channel: any Channel) {
        self.bmc = Mutex(bmc)
        self.channel = channel
    }

    /// Runs a body with a BMC that listens, and ends it.
    /// - Parameter host: `127.0.0.1` or `::1`.
    static func with(
        _ bmc: SessionBMC = SessionBMC(), host: String = "127.0.0.1",
        _ body: (LoopbackBMC) async throws -> Void
    ) async throws {
        let channel = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: host, port: 0).get()
        let server = LoopbackBMC(bmc, channel: channel)
        try await channel.pipeline.addHandler(Handler(server)).get()
        do {
            try await body(server)
        } catch {
            try await channel.close()
            throw error
        }
        try await channel.close()
    }

    /// Whether anything can listen at `::1`.
    static let hasVersion6: Bool = {
        do {
            let channel = try DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .bind(host: "::1", port: 0).wait()
            try channel.close().wait()
            return true
        } catch {
            return false
        }
    }()

    var port: Int { channel.localAddress?.port ?? 0 }

    func withBMC<Value: Sendable>(_ body: (inout SessionBMC) -> Value) -> Value {
        bmc.withLock { body(&$0) }
    }

    private final class Handler: ChannelInboundHandler, Sendable {
        typealias InboundIn = AddressedEnvelope<ByteBuffer>
        typealias OutboundOut = AddressedEnvelope<ByteBuffer>

        private let server: LoopbackBMC

        init(_ server: LoopbackBMC) { self.server = server }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let packet = unwrapInboundIn(data)
            for answer in server.withBMC({ $0.answer(Array(packet.data.readableBytesView)) }) {
                context.writeAndFlush(
                    wrapOutboundOut(
                        AddressedEnvelope(
                            remoteAddress: packet.remoteAddress, data: ByteBuffer(bytes: answer))),
                    promise: nil)
            }
        }
    }
}
