internal import NIOCore
internal import NIOPosix

/// One UDP socket for many BMCs, on an event loop and confined to it.
///
/// NIO closes a datagram channel when a send fails for a reason like a missing route or a
/// firewall's rule. The packet at fault is told so; for all others another socket is bound, and no
/// more is lost than answers that were on their way, and their questions are asked again.
final class UDPSocket {
    typealias Envelope = AddressedEnvelope<ByteBuffer>

    private struct Packet {
        let envelope: Envelope
        let failed: (any Error) -> Void
    }

    private enum State {
        case closed
        case binding([Packet])
        case bound(any Channel)
        case ended
    }

    private let loop: any EventLoop
    /// Any port of any of the machine's own addresses of the wanted family.
    private let local: SocketAddress
    private let received: (SocketAddress, [UInt8]) -> Void
    private var state = State.closed
    /// How many sockets were bound.
    private var generation = 0
    private var isFlushDue = false

    /// The system grants up to `net.core.rmem_max`.
    private static let bufferSize: SocketOptionValue = 4 << 20
    /// How many datagrams are read at once, and the room for each: no RMCP+ packet is longer.
    private static let readCount = 32
    private static let readRoom = 2048

    init(
        loop: any EventLoop, local: SocketAddress,
        received: @escaping (SocketAddress, [UInt8]) -> Void
    ) {
        self.loop = loop
        self.local = local
        self.received = received
    }

    /// Sends with the other packets of the same turn of the event loop.
    /// - Parameter failed: why the packet could not go out.
    func send(
        _ datagram: [UInt8], to address: SocketAddress, failed: @escaping (any Error) -> Void
    ) {
        send(
            Packet(
                envelope: Envelope(remoteAddress: address, data: ByteBuffer(bytes: datagram)),
                failed: failed))
    }

    /// Sends nothing more.
    func close() {
        if case .bound(let channel) = state { channel.close(promise: nil) }
        state = .ended
    }

    private func send(_ packet: Packet) {
        switch state {
        case .closed: bind(packet)
        case .binding(let waiting): state = .binding(waiting + [packet])
        case .bound(let channel): write(packet, to: channel)
        case .ended: break
        }
    }

    private func write(_ packet: Packet, to channel: any Channel) {
        let promise = loop.makePromise(of: Void.self)
        let generation = generation
        promise.futureResult.assumeIsolated().whenFailure { error in
            self.failed(packet, error, generation)
        }
        channel.write(packet.envelope, promise: promise)
        guard !isFlushDue else { return }
        isFlushDue = true
        loop.assumeIsolated().execute {
            self.isFlushDue = false
            if case .bound(let channel) = self.state { channel.flush() }
        }
    }

    private func failed(_ packet: Packet, _ error: any Error, _ generation: Int) {
        if case .ended = state { return }
        // What does not close the socket.
        if let error = error as? ChannelError, error == .writeHostUnreachable {
            packet.failed(error)
            return
        }
        guard generation == self.generation, case .bound = state else {
            send(packet)
            return
        }
        // Packets go out in order, so the first that fails is the one at fault.
        state = .closed
        packet.failed(error)
    }

    private func bind(_ packet: Packet) {
        state = .binding([packet])
        let size = Self.readCount * Self.readRoom
        DatagramBootstrap(group: loop)
            .channelOption(.socketOption(.so_rcvbuf), value: Self.bufferSize)
            .channelOption(
                .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: size)
            )
            .channelOption(.datagramVectorReadMessageCount, value: Self.readCount)
            .bind(to: local)
            .assumeIsolated()
            .whenComplete { self.bound($0) }
    }

    private func bound(_ result: Result<any Channel, any Error>) {
        guard case .binding(let waiting) = state else {
            if case .success(let channel) = result { channel.close(promise: nil) }
            return
        }
        do {
            let channel = try result.get()
            try channel.pipeline.syncOperations.addHandler(Receiver(received))
            generation += 1
            state = .bound(channel)
            for packet in waiting { write(packet, to: channel) }
        } catch {
            state = .closed
            for packet in waiting { packet.failed(error) }
        }
    }
}

/// Hands on what comes.
private final class Receiver: ChannelInboundHandler {
    typealias InboundIn = UDPSocket.Envelope

    private let received: (SocketAddress, [UInt8]) -> Void

    init(_ received: @escaping (SocketAddress, [UInt8]) -> Void) {
        self.received = received
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let packet = unwrapInboundIn(data)
        received(packet.remoteAddress, Array(packet.data.readableBytesView))
    }

    /// A refusal that a host's kernel reported, which anybody can forge: silence says the same.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {}
}
