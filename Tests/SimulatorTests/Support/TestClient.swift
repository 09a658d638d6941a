import Core
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// One keep-alive connection to a simulated BMC.
struct TestClient: Sendable {
    private let channel: any Channel
    private let host: String

    /// - Parameter caPEM: whom to trust; nil or empty for plain HTTP.
    init(to bmc: String, caPEM: String? = nil) async throws {
        let parts = bmc.split(separator: "/")[1].split(separator: ":")
        host = String(parts[0])
        let port = Int(parts[1]) ?? 0
        var context: NIOSSLContext?
        if let caPEM, !caPEM.isEmpty {
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.trustRoots = .certificates(
                try NIOSSLCertificate.fromPEMBytes(Array(caPEM.utf8)))
            context = try NIOSSLContext(configuration: configuration)
        }
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { [context] channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let context {
                        try pipeline.addHandler(
                            NIOSSLClientHandler(context: context, serverHostname: nil))
                    }
                    try pipeline.addHTTPClientHandlers()
                    try pipeline.addHandler(ExchangeHandler())
                }
            }
            .connect(host: host, port: port).get()
    }

    /// Sends a request and waits for its answer.
    func send(
        _ method: String, _ path: String, headers: [String: String] = [:], body: String? = nil
    ) async throws -> TestAnswer {
        var head = HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: method), uri: path)
        head.headers.add(name: "Host", value: host)
        for (name, value) in headers { head.headers.add(name: name, value: value) }
        if let body, headers["Transfer-Encoding"] == nil {
            head.headers.add(name: "Content-Length", value: String(body.utf8.count))
        }
        let promise = channel.eventLoop.makePromise(of: TestAnswer.self)
        channel.writeAndFlush(
            TestExchange(head: head, body: body.map { ByteBuffer(string: $0) }, answer: promise)
        ).cascadeFailure(to: promise)
        return try await promise.futureResult.get()
    }

    func get(_ path: String, headers: [String: String] = [:]) async throws -> TestAnswer {
        try await send("GET", path, headers: headers)
    }

    func post(_ path: String, _ body: JSON, headers: [String: String] = [:]) async throws
        -> TestAnswer
    {
        try await send("POST", path, headers: headers, body: body.description)
    }

    func patch(_ path: String, _ body: JSON, headers: [String: String] = [:]) async throws
        -> TestAnswer
    {
        try await send("PATCH", path, headers: headers, body: body.description)
    }

    /// `ComputerSystem.Reset` of the system at `path`.
    func reset(_ path: String, _ type: String) async throws -> TestAnswer {
        try await post(path + "/Actions/ComputerSystem.Reset", ["ResetType": .string(type)])
    }

    func close() async {
        try? await channel.close().get()
    }
}

/// What came back.
struct TestAnswer: Sendable {
    var status: Int
    var headers: HTTPHeaders
    var body: [UInt8]

    func header(_ name: String) -> String? { headers.first(name: name) }

    /// The body, or null if it is not JSON.
    var json: JSON { (try? JSON(parsing: body)) ?? .null }

    /// The `MessageId` of a Redfish error.
    var messageID: String? { json["error"]?["@Message.ExtendedInfo"]?[0]?["MessageId"]?.string }
}

/// The connection ended without a full answer.
struct ConnectionLost: Error {}

private struct TestExchange: Sendable {
    let head: HTTPRequestHead
    let body: ByteBuffer?
    let answer: EventLoopPromise<TestAnswer>
}

private final class ExchangeHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = TestExchange
    typealias OutboundOut = HTTPClientRequestPart

    private var waiting: EventLoopPromise<TestAnswer>?
    private var answer = TestAnswer(status: 0, headers: [:], body: [])
    private var isOver = false

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let exchange = unwrapOutboundIn(data)
        guard !isOver else {
            exchange.answer.fail(ConnectionLost())
            return
        }
        waiting = exchange.answer
        context.write(wrapOutboundOut(.head(exchange.head)), promise: nil)
        if let body = exchange.body {
            context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        }
        context.write(wrapOutboundOut(.end(nil)), promise: promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            answer = TestAnswer(status: Int(head.status.code), headers: head.headers, body: [])
        case .body(let part): answer.body += part.readableBytesView
        case .end:
            waiting?.succeed(answer)
            waiting = nil
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(with: ConnectionLost())
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(with: error)
        context.close(promise: nil)
    }

    private func end(with error: any Error) {
        isOver = true
        waiting?.fail(error)
        waiting = nil
    }
}
