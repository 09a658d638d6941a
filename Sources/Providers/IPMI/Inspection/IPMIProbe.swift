internal import Core
internal import IPMIWire
internal import NIOCore
internal import NIOPosix

/// Asks a BMC what it tells anybody, outside of any session and over a socket of its own.
struct IPMIProbe: Sendable {
    private let channel: any Channel
    private let address: SocketAddress
    private let timing: IPMITiming

    private static let attempts = 5

    /// Runs a body with a probe of a BMC.
    static func with<Value: Sendable>(
        _ endpoint: IPMIEndpoint, timing: IPMITiming = IPMITiming(),
        _ body: (IPMIProbe) async -> Result<Value, IPMIFailure>
    ) async throws(IPMIFailure) -> Value {
        let probe = try await IPMIProbe(endpoint, timing)
        let result = await body(probe)
        probe.channel.close(promise: nil)
        return try result.get()
    }

    private init(_ endpoint: IPMIEndpoint, _ timing: IPMITiming) async throws(IPMIFailure) {
        let (host, port) = (endpoint.host, endpoint.port)
        do {
            address = try await NIOThreadPool.singleton.runIfActive {
                try SocketAddress(ipAddress: host, port: port)
            }
        } catch {
            do {
                address = try await NIOThreadPool.singleton.runIfActive {
                    try SocketAddress.makeAddressResolvingHost(host, port: port)
                }
            } catch {
                throw .unresolved(host: host, "\(error)")
            }
        }
        let local = address.protocol == .inet6 ? "::" : "0.0.0.0"
        do {
            channel = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(ProbeHandler())
                    }
                }.bind(host: local, port: 0).get()
        } catch {
            throw .unsendable(error)
        }
        self.timing = timing
    }

    /// Sends a command, again and again, until its answer comes.
    func perform<Command: IPMICommand>(
        _ command: Command
    ) async -> Result<Command.Response, IPMIFailure> {
        for attempt in 1...Self.attempts {
            // Some BMCs list their suites in the one format, some in the other.
            let isExtended = command is GetChannelCipherSuites && !attempt.isMultiple(of: 2)
            let request = CommandMessage(command).request(sequence: UInt8(attempt))
            let datagram =
                isExtended
                ? SessionlessMessage.extendedDatagram(request)
                : SessionlessMessage.datagram(request)
            switch await send(
                datagram, request, timeout: timing.timeout(sent: attempt, chance: 0.5))
            {
            case .failure(let failure): return .failure(failure)
            case .success(nil): continue
            case .success(let response?):
                guard response.code == .ok else {
                    return .failure(.refused(command: Command.name, response.code))
                }
                do throws(IPMIWireError) {
                    return .success(try Command.Response(bytes: response.data))
                } catch {
                    return .failure(.malformed(command: Command.name, error))
                }
            }
        }
        return .failure(
            .silent(
                step: IPMIFailure.presence, attempts: Self.attempts, mayHaveActed: false))
    }

    /// Nil if no answer comes in time.
    private func send(
        _ datagram: [UInt8], _ request: LANRequest, timeout: Duration
    ) async -> Result<LANResponse?, IPMIFailure> {
        let (channel, address) = (channel, address)
        do {
            return .success(
                try await channel.eventLoop.flatSubmit {
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.handler(type: ProbeHandler.self)
                            .expect(request, from: address, within: timeout, channel.eventLoop)
                    }.flatMap { answer in
                        let envelope = AddressedEnvelope(
                            remoteAddress: address, data: ByteBuffer(bytes: datagram))
                        return channel.writeAndFlush(envelope).flatMap { answer }
                    }
                }.get())
        } catch {
            return .failure(.unsendable(error))
        }
    }
}

/// Waits for the answer to one question at a time.
private final class ProbeHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private struct Question {
        let request: LANRequest
        let address: SocketAddress
        let answer: EventLoopPromise<LANResponse?>
    }

    private var question: Question?

    /// The answer, or nil if none comes in time.
    func expect(
        _ request: LANRequest, from address: SocketAddress, within limit: Duration,
        _ loop: any EventLoop
    ) -> EventLoopFuture<LANResponse?> {
        let promise = loop.makePromise(of: LANResponse?.self)
        question = Question(request: request, address: address, answer: promise)
        let timer = loop.scheduleTask(in: TimeAmount(limit)) { promise.succeed(nil) }
        promise.futureResult.whenComplete { _ in timer.cancel() }
        return promise.futureResult
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        guard let question, envelope.remoteAddress == question.address,
            let response = SessionlessMessage.response(
                in: envelope.data.unread, to: question.request)
        else { return }
        self.question = nil
        question.answer.succeed(response)
    }

    func channelInactive(context: ChannelHandlerContext) {
        question?.answer.succeed(nil)
        question = nil
    }
}
