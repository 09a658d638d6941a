import ArgumentParser
import InfraKit
import Testing

@testable import rackpool

@Suite("What a client may take up")
struct ServingLimitsTests {
    @Test("is what the command line says")
    func given() throws {
        let limits = try ServingLimits.parse([
            "--max-connections", "10", "--max-body", "8192", "--request-timeout", "2s",
            "--answer-timeout", "3s", "--idle-timeout", "4s", "--max-head", "2048",
            "--max-connections-per-address", "5", "--max-bodies", "9000",
        ])
        var configuration = PluginServer.Configuration()
        limits.apply(to: &configuration)
        #expect(configuration.maximumConnections == 10)
        #expect(configuration.maximumConnectionsPerAddress == 5)
        #expect(configuration.maximumBodiesSize == 9000)
        #expect(configuration.maximumBodySize == 8192)
        #expect(configuration.maximumHeadSize == 2048)
        #expect(configuration.requestTimeout == .seconds(2))
        #expect(configuration.answerTimeout == .seconds(3))
        #expect(configuration.idleTimeout == .seconds(4))
    }

    @Test("leaves InfraKit's client, who gives up after 15 s, its time unless told otherwise")
    func standard() throws {
        var configuration = PluginServer.Configuration()
        try ServingLimits.parse([]).apply(to: &configuration)
        #expect(configuration.requestTimeout > .seconds(15))
        #expect(configuration.answerTimeout > .seconds(15))
        #expect(configuration.idleTimeout > .seconds(15))
        #expect(configuration.maximumConnections >= 1000)
        #expect(configuration.maximumBodySize >= 1 << 20)
    }

    @Test(
        "is refused where nobody could be served",
        arguments: [
            ("--max-connections", "0"), ("--max-connections-per-address", "0"),
            ("--max-bodies", "-1"), ("--max-body", "100"), ("--max-head", "65537"),
            ("--max-body", "1000000000"),
            ("--request-timeout", "10ms"), ("--answer-timeout", "0s"), ("--idle-timeout", "1000h"),
        ])
    func refused(_ option: String, _ value: String) {
        #expect(throws: (any Error).self) { try ServingLimits.parse([option, value]) }
    }
}
