import Core
import Glibc
import Testing

@testable import InfraKit

@Suite struct CallerTests {
    private var configuration: PluginServer.Configuration {
        var configuration = PluginServer.Configuration()
        configuration.additionalMethods["Rackpool.Who"] = { _, caller in .string("\(caller)") }
        return configuration
    }

    @Test("whoever comes through the socket is named by the operating system")
    func socket() async throws {
        try await withServer(FakePlugin(), configuration: configuration) { server, _ in
            let answer = try await onThread {
                let connection = try RawConnection(socket: server.address)
                return try connection.call(#"{"jsonrpc":"2.0","method":"Rackpool.Who","id":1}"#)
            }
            let user = String(cString: try #require(getpwuid(geteuid())?.pointee.pw_name))
            #expect(answer.text.contains(#""result":"\#(user) (process \#(getpid()))""#))
        }
    }

    @Test(
        "only this machine reaches what listens on a loopback address",
        arguments: [
            ("127.0.0.1", true), ("127.9.9.9", true), ("localhost", true), ("LocalHost", true),
            ("::1", true), ("0.0.0.0", false), ("::", false), ("10.0.0.1", false),
            ("127.0.0.1.example", false), ("127.example.com", false), ("1270.0.0.1", false),
        ])
    func loopback(_ host: String, _ isLoopback: Bool) {
        #expect(PluginListener.isLoopback(host) == isLoopback)
    }
}
