import Logging
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import InfraKit

/// On a clock that the tests move.
@Suite("A client's time")
struct ClientLimitsTests {
    /// What goes out, as if the client didn't take it.
    private final class Stuck: ChannelOutboundHandler {
        typealias OutboundIn = Any
        private var promises: [EventLoopPromise<Void>] = []

        func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
            if let promise { promises.append(promise) }
        }

        func take() {
            for promise in promises { promise.succeed() }
            promises = []
        }
    }

    private let channel = EmbeddedChannel()
    private let stuck = Stuck()

    init() throws {
        let pipeline = channel.pipeline.syncOperations
        try pipeline.configureHTTPServerPipeline(
            withPipeliningAssistance: false, withErrorHandling: false)
        let settings = ClientLimits.Settings(
            request: .seconds(30), answer: .seconds(60), maximumHeadSize: 1000)
        try pipeline.addHandler(
            ClientLimits.Installer(
                settings, register: ClientRegister(maximum: 10, maximumPerAddress: 10),
                logger: .silent))
        try pipeline.addHandler(stuck, position: .first)
        try channel.connect(to: SocketAddress(unixDomainSocketPath: "/x")).wait()
    }

    private func receive(_ bytes: some Sequence<UInt8>) throws {
        try channel.writeInbound(ByteBuffer(bytes: bytes))
    }

    private func pass(_ seconds: Int64) {
        channel.embeddedEventLoop.advanceTime(by: .seconds(seconds))
    }

    private func answer() {
        let head = HTTPResponseHead(
            version: .http1_1, status: .ok, headers: ["Content-Length": "0"])
        channel.writeAndFlush(HTTPServerResponsePart.head(head), promise: nil)
        channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
    }

    private static let whole = Array(
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 12\r\n\r\n{          }".utf8)

    @Test("that drips its request, head or body, is up at the limit", arguments: [1, 30, 50])
    func drips(_ begun: Int) throws {
        try receive(Self.whole.prefix(begun))
        for byte in Self.whole.dropFirst(begun).prefix(3) {
            pass(9)
            try receive([byte])
        }
        pass(2)
        #expect(channel.isActive)
        pass(1)
        #expect(!channel.isActive)
    }

    @Test("is counted anew for every request, and not at all between them")
    func anew() throws {
        for _ in 0..<3 {
            pass(1000)
            try receive(Self.whole.prefix(20))
            pass(29)
            try receive(Self.whole.dropFirst(20))
            pass(1000)
            answer()
            stuck.take()
        }
        #expect(channel.isActive)
    }

    @Test("is not used up while an earlier request is worked on")
    func pipelined() throws {
        try receive(Self.whole)
        try receive(Self.whole.prefix(20))
        pass(1000)
        #expect(channel.isActive)
        answer()
        stuck.take()
        pass(29)
        #expect(channel.isActive)
        pass(1)
        #expect(!channel.isActive)
    }

    @Test("goes on when the request is refused before its end")
    func refusedEarly() throws {
        try receive(Self.whole.dropLast())
        answer()
        stuck.take()
        pass(30)
        #expect(!channel.isActive)
    }

    @Test("for an answer ends at the limit if the answer is not taken")
    func unread() throws {
        try receive(Self.whole)
        pass(1000)
        answer()
        pass(59)
        #expect(channel.isActive)
        pass(1)
        #expect(!channel.isActive)
    }

    @Test("for an answer ends with its last byte")
    func read() throws {
        for _ in 0..<3 {
            try receive(Self.whole)
            answer()
            pass(59)
            stuck.take()
            pass(1000)
        }
        #expect(channel.isActive)
    }

    @Test("does not save a head without an end, whatever it consists of")
    func endlessHead() throws {
        try receive(Self.whole)
        answer()
        stuck.take()
        try receive("POST /".utf8)
        try receive(repeatElement(UInt8(ascii: "x"), count: 994))
        #expect(channel.isActive)
        // The decoder says that a head broke off.
        try? receive([UInt8(ascii: "x")])
        #expect(!channel.isActive)
    }

    @Test("a body counts for no head")
    func body() throws {
        try receive("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5000\r\n\r\n".utf8)
        try receive(repeatElement(UInt8(ascii: "x"), count: 5000))
        try receive(Self.whole.prefix(20))
        #expect(channel.isActive)
    }
}
