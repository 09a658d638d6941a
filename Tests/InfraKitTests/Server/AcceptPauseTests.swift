import Glibc
import Logging
import NIOCore
import NIOEmbedded
import Testing

@testable import InfraKit

@Suite("Where there is no descriptor for one more client")
struct AcceptPauseTests {
    /// Counts what reaches the socket.
    private final class Reads: ChannelOutboundHandler {
        typealias OutboundIn = Any
        var count = 0

        func read(context: ChannelHandlerContext) { count += 1 }
    }

    private let channel = EmbeddedChannel()
    private let reads = Reads()
    private let lines: RecordingLogHandler.Lines

    /// What the channel was last told of.
    private var isReading: Bool? { channel.options.last?.value as? Bool }

    init() throws {
        let (logger, lines) = RecordingLogHandler.logger()
        self.lines = lines
        try channel.pipeline.syncOperations.addHandler(reads)
        try channel.pipeline.syncOperations.addHandler(AcceptPause(logger: logger))
    }

    @Test(
        "nobody is accepted for a second, and it is said once", arguments: [EMFILE, ENFILE, ENOMEM])
    func rests(_ number: CInt) {
        for _ in 0..<10 {
            channel.pipeline.fireErrorCaught(IOError(errnoCode: number, reason: "accept"))
            // Another connection's end has the server ask for the next one.
            channel.read()
            #expect(reads.count == 0)
            #expect(isReading == false)
            channel.embeddedEventLoop.advanceTime(by: .milliseconds(999))
            #expect(isReading == false)
            channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
            #expect(isReading == true)
        }
        #expect(lines.all.count == 1)
        #expect(lines.all.first?.hasPrefix("error this machine lacks") == true)
        channel.pipeline.fireChannelRead(EmbeddedChannel() as any Channel)
        channel.pipeline.fireChannelRead(EmbeddedChannel() as any Channel)
        #expect(lines.all.count == 2)
        channel.read()
        #expect(reads.count == 1)
    }

    @Test("any other error is told to the server")
    func others() throws {
        channel.pipeline.fireErrorCaught(IOError(errnoCode: ECONNABORTED, reason: "accept"))
        #expect(throws: IOError.self) { try channel.throwIfErrorCaught() }
        channel.read()
        #expect(reads.count == 1)
        #expect(lines.all.isEmpty)
    }
}
